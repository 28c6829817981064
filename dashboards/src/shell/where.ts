import { useMemo } from "react";
import { useOrgans, useSession } from "../client/asks";
import { useAddress } from "../ui/address";
import { OrganTree } from "./tree";

/** The organ that the address names, or the topmost procuratorate of the scope; empty when there is none. */
export function useOrganID(): string {
  const { get } = useAddress();
  const session = useSession();
  return get("organ") || (session.data?.data.home?.id ?? "");
}

/** The tree of procuratorates in scope, empty until it is here. */
export function useOrganTree(): OrganTree {
  const organs = useOrgans();
  return useMemo(() => new OrganTree(organs.data?.data ?? []), [organs.data]);
}
