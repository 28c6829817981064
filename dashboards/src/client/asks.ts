import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, taken } from "./api";
import type { paths } from "./schema.gen";

type Query<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Q } } } ? NonNullable<Q> : never;

/** Leaves out what is empty, so that the server takes its own default. */
export function given<T extends object>(query: T): T {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== "" && value !== undefined)) as T;
}

export const useSession = () => useQuery({ queryKey: ["session"], queryFn: async () => taken(await api.GET("/session")), retry: false });

export const useOverview = (query: Query<"/overview">, enabled = true) =>
  useQuery({ queryKey: ["overview", query], enabled, placeholderData: keepPreviousData, queryFn: async () => taken(await api.GET("/overview", { params: { query: given(query) } })) });

/** Procuratorates in scope, in administrative order. */
export const useOrgans = (enabled = true) =>
  useQuery({ queryKey: ["organs"], enabled, staleTime: 300_000, queryFn: async () => taken(await api.GET("/organs", { params: { query: { system: "procuratorate", scope: true } } })) });

export const useIndicators = () => useQuery({ queryKey: ["indicators"], staleTime: 300_000, queryFn: async () => taken(await api.GET("/indicators")) });

export const useIndicator = (id: string) => useQuery({ queryKey: ["indicator", id], staleTime: 300_000, queryFn: async () => taken(await api.GET("/indicators/{id}", { params: { path: { id } } })) });

export const useValues = (id: string, query: Query<"/indicators/{id}/values">, enabled = true) =>
  useQuery({ queryKey: ["values", id, query], enabled, placeholderData: keepPreviousData, queryFn: async () => taken(await api.GET("/indicators/{id}/values", { params: { path: { id }, query: given(query) } })) });

export const useLineage = (id: string, query: Query<"/indicators/{id}/lineage">, enabled: boolean) =>
  useQuery({ queryKey: ["lineage", id, query], enabled, queryFn: async () => taken(await api.GET("/indicators/{id}/lineage", { params: { path: { id }, query: { ...given(query), organ: query.organ } } })) });

export const useRestatements = (id: string, enabled: boolean) =>
  useQuery({ queryKey: ["restatements", id], enabled, queryFn: async () => taken(await api.GET("/indicators/{id}/restatements", { params: { path: { id } } })) });

export const useOfficial = (id: string) => useQuery({ queryKey: ["official", id], staleTime: 300_000, queryFn: async () => taken(await api.GET("/indicators/{id}/official", { params: { path: { id } } })) });

export const useComparison = (indicator: string, query: Query<"/comparisons/{indicator}">, enabled = true) =>
  useQuery({ queryKey: ["comparison", indicator, query], enabled, placeholderData: keepPreviousData, queryFn: async () => taken(await api.GET("/comparisons/{indicator}", { params: { path: { indicator }, query: given(query) } })) });

export const useCourse = (indicator: string, organ: string) =>
  useQuery({ queryKey: ["course", indicator, organ], enabled: organ !== "", queryFn: async () => taken(await api.GET("/courses/{indicator}", { params: { path: { indicator }, query: { organ } } })) });

export const useFindings = (query: Query<"/findings">) =>
  useQuery({ queryKey: ["findings", query], placeholderData: keepPreviousData, queryFn: async () => taken(await api.GET("/findings", { params: { query: given(query) } })) });

export const useFindingSummary = (query: Query<"/findings/summary">) =>
  useQuery({ queryKey: ["findingSummary", query], placeholderData: keepPreviousData, queryFn: async () => taken(await api.GET("/findings/summary", { params: { query: given(query) } })) });

export const useChain = (id: string) => useQuery({ queryKey: ["chain", id], queryFn: async () => taken(await api.GET("/chains/{id}", { params: { path: { id } } })) });

export const useFinding = (id: string) => useQuery({ queryKey: ["finding", id], enabled: id !== "", queryFn: async () => taken(await api.GET("/findings/{id}", { params: { path: { id } } })) });

export const useWork = (query: Query<"/findings/work">) =>
  useQuery({ queryKey: ["work", query], placeholderData: keepPreviousData, queryFn: async () => taken(await api.GET("/findings/work", { params: { query: given(query) } })) });

export const usePrecision = () => useQuery({ queryKey: ["precision"], queryFn: async () => taken(await api.GET("/findings/precision")) });

export const useFindingHistory = (id: string) => useQuery({ queryKey: ["findingHistory", id], enabled: id !== "", queryFn: async () => taken(await api.GET("/findings/{id}/history", { params: { path: { id } } })) });

export const usePatterns = () => useQuery({ queryKey: ["patterns"], queryFn: async () => taken(await api.GET("/reporting-patterns")) });

export const usePatternEvidence = (id: string, organ: string, quarter: string) =>
  useQuery({ queryKey: ["patternEvidence", id, organ, quarter], enabled: organ !== "", queryFn: async () => taken(await api.GET("/reporting-patterns/{id}/evidence", { params: { path: { id }, query: { organ, quarter } } })) });

export const useRules = () => useQuery({ queryKey: ["rules"], staleTime: 300_000, queryFn: async () => taken(await api.GET("/rules")) });

export const useGlossary = () => useQuery({ queryKey: ["glossary"], staleTime: 300_000, queryFn: async () => taken(await api.GET("/glossary")) });

export const useStreams = () => useQuery({ queryKey: ["streams"], refetchInterval: 10_000, queryFn: async () => taken(await api.GET("/ingest/streams")) });

export const useFates = () => useQuery({ queryKey: ["fates"], refetchInterval: 30_000, queryFn: async () => taken(await api.GET("/ingest/fates")) });

export const useQuarantine = (query: Query<"/ingest/quarantine">, enabled: boolean) =>
  useQuery({ queryKey: ["quarantine", query], enabled, placeholderData: keepPreviousData, queryFn: async () => taken(await api.GET("/ingest/quarantine", { params: { query: given(query) } })) });

export const useSenders = (query: Query<"/ingest/senders">) =>
  useQuery({ queryKey: ["senders", query], placeholderData: keepPreviousData, queryFn: async () => taken(await api.GET("/ingest/senders", { params: { query: given(query) } })) });

export const useReceipts = () => useQuery({ queryKey: ["receipts"], queryFn: async () => taken(await api.GET("/ingest/receipts")) });

export const useGaps = () => useQuery({ queryKey: ["gaps"], queryFn: async () => taken(await api.GET("/ingest/sequence-gaps")) });

export const useVerifications = () => useQuery({ queryKey: ["verifications"], queryFn: async () => taken(await api.GET("/ingest/verifications")) });

export const useQualityChecks = () => useQuery({ queryKey: ["qualityChecks"], queryFn: async () => taken(await api.GET("/data-quality")) });

export const useQualityLooks = () => useQuery({ queryKey: ["qualityLooks"], queryFn: async () => taken(await api.GET("/data-quality/looks")) });

export const usePackage = (digest: string) =>
  useQuery({ queryKey: ["package", digest], enabled: digest !== "", refetchInterval: (q) => (q.state.data?.data.state === "waiting" ? 2000 : false), queryFn: async () => taken(await api.GET("/ingest/packages/{digest}", { params: { path: { digest } } })) });

export const useLink = (a: string, b: string) => useQuery({ queryKey: ["link", a, b], enabled: a !== "" && b !== "", queryFn: async () => taken(await api.GET("/links/explain", { params: { query: { a, b } } })) });

export const useLinkReview = () => useQuery({ queryKey: ["linkReview"], queryFn: async () => taken(await api.GET("/links/review", { params: { query: { limit: 100 } } })) });

export const useLinkDecisions = () => useQuery({ queryKey: ["linkDecisions"], queryFn: async () => taken(await api.GET("/links/decisions", { params: { query: { limit: 200 } } })) });

export const useLinkAccuracy = () => useQuery({ queryKey: ["linkAccuracy"], queryFn: async () => taken(await api.GET("/links/accuracy")) });

export const useBrokenLinks = (query: Query<"/links/broken">) =>
  useQuery({ queryKey: ["brokenLinks", query], placeholderData: keepPreviousData, queryFn: async () => taken(await api.GET("/links/broken", { params: { query: given(query) } })) });

export const useRuns = () => useQuery({ queryKey: ["runs"], queryFn: async () => taken(await api.GET("/runs", { params: { query: { limit: 30 } } })) });

export const useTables = () => useQuery({ queryKey: ["tables"], staleTime: 300_000, queryFn: async () => taken(await api.GET("/tables")) });

export const useQueries = () => useQuery({ queryKey: ["queries"], queryFn: async () => taken(await api.GET("/queries")) });

export const useQueryLimits = () => useQuery({ queryKey: ["queryLimits"], staleTime: 300_000, queryFn: async () => taken(await api.GET("/queries/limits")) });
