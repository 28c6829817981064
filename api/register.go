package api

import (
	"context"
	"fmt"
	"strconv"

	"github.com/gin-gonic/gin"

	"hengjian/jobs/clock"
	"hengjian/warehouse/access"
	"hengjian/warehouse/contract/identifier"
)

func (s *Server) registerRoutes(r gin.IRouter) {
	read(s, r, "/organs", "listOrgans", s.listOrgans)
	read(s, r, "/regions", "listRegions", s.listRegions)
	read(s, r, "/glossary", "getGlossary", s.getGlossary)
	read(s, r, "/rules", "listRules", s.listRules)
}

// organQuery filters the register.
type organQuery struct {
	System string `form:"system" binding:"omitempty,oneof=procuratorate court police prison detention_centre community_correction supervisory administrative"`
	Level  string `form:"level" binding:"omitempty,oneof=national provincial prefectural county"`
	Parent string `form:"parent" binding:"max=64"`
	Scope  string `form:"scope" binding:"omitempty,oneof=true false"`
}

// organ is one organ of the register.
type organ struct {
	ID           string  `json:"id"`
	Code         string  `json:"code"`
	Name         string  `json:"name"`
	System       string  `json:"system"`
	Level        string  `json:"level"`
	Kind         string  `json:"kind"`
	Region       string  `json:"region"`
	Order        uint64  `json:"order"`
	Parent       *string `json:"parent"`
	SupervisedBy *string `json:"supervised_by"`
	ValidTo      *string `json:"valid_to"`
	Successor    *string `json:"successor"`
	InScope      bool    `json:"in_scope"`
}

// listOrgans answers the register, which is no secret, in administrative order.
func (s *Server) listOrgans(_ context.Context, who caller, q organQuery) (answer[[]organ], error) {
	a := answer[[]organ]{data: []organ{}}
	inside := who.inside()
	for _, o := range who.state.register.All() {
		if (q.System != "" && o.System != q.System) || (q.Level != "" && o.Level != q.Level) ||
			(q.Parent != "" && o.LedBy != q.Parent) || (q.Scope == "true" && !inside[o.ID]) {
			continue
		}
		a.data = append(a.data, organ{
			ID: o.ID, Code: o.Code, Name: o.Name, System: o.System, Level: o.Level, Kind: o.Kind, Region: o.Region, Order: o.Order,
			Parent: text(o.LedBy), SupervisedBy: text(o.SupervisedBy), ValidTo: ended(o), Successor: text(o.Successor), InScope: inside[o.ID],
		})
	}
	return a, nil
}

// ended is the last day of an organ, nil for one in being.
func ended(o access.Organ) *string {
	if o.ValidTo.IsZero() {
		return nil
	}
	return day(&o.ValidTo)
}

// inside is the set of organs in scope.
func (who caller) inside() map[string]bool {
	out := map[string]bool{}
	for _, id := range who.Organs() {
		out[id] = true
	}
	return out
}

// regionQuery asks for what lies below a region.
type regionQuery struct {
	Parent string `form:"parent" binding:"omitempty,len=6,numeric"`
}

// region is one region of the country.
type region struct {
	Code      string  `json:"code"`
	Name      string  `json:"name"`
	Level     string  `json:"level"`
	Parent    *string `json:"parent"`
	Order     int     `json:"order"`
	Reporting bool    `json:"reporting"`
}

// outside are the units that do not report: 不在统计范围.
var outside = map[string]string{"710000": "台湾省", "810000": "香港特别行政区", "820000": "澳门特别行政区"}

// provinces are the 34 units in administrative order.
func provinces(all *identifier.Regions) []region {
	var out []region
	seen := map[string]bool{}
	for _, one := range all.Provinces() {
		if order, err := strconv.Atoi(one.Code); err == nil && one.Level == "province" && one.Code[2:] == "0000" {
			_, silent := outside[one.Code]
			out = append(out, region{Code: one.Code, Name: one.Name, Level: "province", Order: order, Reporting: !silent})
			seen[one.Code] = true
		}
	}
	for _, code := range []string{"710000", "810000", "820000"} {
		if order, err := strconv.Atoi(code); err == nil && !seen[code] {
			out = append(out, region{Code: code, Name: outside[code], Level: "province", Order: order})
		}
	}
	return out
}

// listRegions answers provinces, or what lies below a region, by code.
func (s *Server) listRegions(_ context.Context, _ caller, q regionQuery) (answer[[]region], error) {
	if q.Parent == "" {
		return answer[[]region]{data: provinces(s.regions)}, nil
	}
	a := answer[[]region]{data: []region{}}
	for _, one := range s.regions.Under(q.Parent) {
		order, err := strconv.Atoi(one.Code)
		if err != nil {
			return a, fmt.Errorf("read the region register: %w", err)
		}
		a.data = append(a.data, region{Code: one.Code, Name: one.Name, Level: one.Level, Parent: text(one.Parent), Order: order, Reporting: true})
	}
	return a, nil
}

// recordTypeRef names a record type.
type recordTypeRef struct {
	Type string `json:"type"`
	Name Text   `json:"name"`
}

// recordType names a record type; an unknown one keeps its id.
func (s *Server) recordType(name string) recordTypeRef {
	if t, ok := s.deps.Contracts.Type(name); ok {
		return recordTypeRef{Type: name, Name: Text{t.ZH, t.EN}}
	}
	return recordTypeRef{Type: name, Name: Text{name, name}}
}

// rule is one version of a rule of the clocks.
type rule struct {
	ID         string        `json:"id"`
	Version    string        `json:"version"`
	Name       Text          `json:"name"`
	Reading    Text          `json:"reading"`
	Severity   string        `json:"severity"`
	BasisKind  string        `json:"basis_kind"`
	Basis      []ruleBasis   `json:"basis"`
	ValidFrom  *string       `json:"valid_from"`
	ValidTo    *string       `json:"valid_to"`
	Transition string        `json:"transition"`
	Source     string        `json:"source"`
	Lead       int           `json:"lead"`
	Record     recordTypeRef `json:"record"`
}

type ruleBasis struct {
	Law        string `json:"law"`
	Version    string `json:"version"`
	Article    string `json:"article"`
	Summary    Text   `json:"summary"`
	Unverified bool   `json:"unverified"`
}

// listRules answers every version of every rule.
func (s *Server) listRules(context.Context, caller, none) (answer[[]rule], error) {
	a := answer[[]rule]{data: []rule{}}
	for _, r := range s.deps.Rules.All() {
		one := rule{
			ID: r.ID, Version: r.Version, Name: Text(r.Name), Reading: Text(r.Reading), Severity: r.Severity, BasisKind: r.BasisKind, Basis: []ruleBasis{},
			ValidFrom: text(r.ValidFrom), ValidTo: text(r.ValidTo), Transition: r.Transition, Source: r.Transitions, Lead: r.Lead, Record: s.recordType(r.Record),
		}
		for _, b := range r.Basis {
			one.Basis = append(one.Basis, ruleBasis{Law: b.Law, Version: b.Version, Article: b.Article, Summary: Text(b.Summary), Unverified: b.Unverified})
		}
		a.data = append(a.data, one)
	}
	return a, nil
}

// ruleRef names a rule.
type ruleRef struct {
	ID        string `json:"id"`
	Name      Text   `json:"name"`
	BasisKind string `json:"basis_kind"`
}

// ruleRef names a rule; one that this program does not know keeps its id, and
// nothing says that its numbers rest on the law.
func (s *Server) ruleRef(id string) ruleRef {
	for _, r := range s.deps.Rules.All() {
		if r.ID == id {
			return ruleRef{ID: id, Name: Text(r.Name), BasisKind: r.BasisKind}
		}
	}
	return ruleRef{ID: id, Name: Text{id, id}, BasisKind: clock.BasisUnverified}
}
