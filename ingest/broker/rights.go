package broker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/segmentio/kafka-go"
)

// What is known of who may read a topic.
const (
	Own     = "own"     // its reader alone, beside the brokers' super users
	Nobody  = "nobody"  // no reader is named, so nobody may
	Others  = "others"  // rights wider than this topic let others read it too
	Open    = "open"    // the brokers check no rights: everybody who reaches them
	Unknown = "unknown" // the brokers do not let this client see or set rights
)

// Guard says who may read a topic that belongs to one reader (读取权限).
type Guard struct {
	Topic  string   `json:"topic"`
	Reader string   `json:"reader,omitempty"` // principal, such as User:hangzhou-police
	State  string   `json:"state"`
	Others []string `json:"others,omitempty"` // principals that rights wider than the topic let in
	Taken  []string `json:"taken,omitempty"`  // principals whose rights to the topic were taken away
}

// right is one entry of the brokers' list of rights.
type right struct {
	kind      kafka.ResourceType
	principal string
	operation kafka.ACLOperationType
}

// Guard lets reader alone read the topic and join the group of the same name,
// and this client alone write it. Rights to the topic that others hold are taken
// away; "" as reader leaves nobody. It changes nothing on brokers without
// rights, or that refuse to set them: the state says so.
func (c *Client) Guard(ctx context.Context, topic, reader string) (Guard, error) {
	held, g, err := c.rights(ctx, topic, reader)
	if err != nil || g.State == Open || g.State == Unknown {
		return g, err
	}
	filters := []kafka.DeleteACLsFilter{}
	for _, principal := range g.Taken {
		for _, kind := range []kafka.ResourceType{kafka.ResourceTypeTopic, kafka.ResourceTypeGroup} {
			filters = append(filters, kafka.DeleteACLsFilter{
				ResourceTypeFilter: kind, ResourceNameFilter: topic, ResourcePatternTypeFilter: kafka.PatternTypeLiteral,
				PrincipalFilter: principal, Operation: kafka.ACLOperationTypeAny, PermissionType: kafka.ACLPermissionTypeAllow,
			})
		}
	}
	if len(filters) > 0 {
		answer, err := c.client.DeleteACLs(ctx, &kafka.DeleteACLsRequest{Filters: filters})
		if err != nil {
			return Guard{}, unreachable(c.remote.Brokers, err)
		}
		for _, r := range answer.Results {
			if r.Error != nil {
				return c.unset(g, r.Error)
			}
		}
	}
	var missing []kafka.ACLEntry
	for _, r := range c.wanted(reader) {
		if !slices.Contains(held, r) {
			missing = append(missing, kafka.ACLEntry{
				ResourceType: r.kind, ResourceName: topic, ResourcePatternType: kafka.PatternTypeLiteral,
				Principal: r.principal, Host: "*", Operation: r.operation, PermissionType: kafka.ACLPermissionTypeAllow,
			})
		}
	}
	if len(missing) == 0 {
		return g, nil
	}
	answer, err := c.client.CreateACLs(ctx, &kafka.CreateACLsRequest{ACLs: missing})
	if err != nil {
		return Guard{}, unreachable(c.remote.Brokers, err)
	}
	if err := errors.Join(answer.Errors...); err != nil {
		return c.unset(g, err)
	}
	return g, nil
}

// Guarded looks at the rights to a topic and changes nothing. Taken names whom
// Guard would take rights from; a reader whose rights are missing is Nobody.
func (c *Client) Guarded(ctx context.Context, topic, reader string) (Guard, error) {
	held, g, err := c.rights(ctx, topic, reader)
	if err != nil || g.State == Open || g.State == Unknown {
		return g, err
	}
	switch {
	case len(g.Taken) > 0:
		g.State = Others
	case g.State == Own && !slices.Contains(held, right{kafka.ResourceTypeTopic, reader, kafka.ACLOperationTypeRead}):
		g.State = Nobody
	}
	return g, nil
}

// wanted are the rights of a private topic.
func (c *Client) wanted(reader string) []right {
	all := []right{
		{kafka.ResourceTypeTopic, c.principal(), kafka.ACLOperationTypeWrite},
		{kafka.ResourceTypeTopic, c.principal(), kafka.ACLOperationTypeDescribe},
	}
	if reader != "" {
		all = append(all, right{kafka.ResourceTypeTopic, reader, kafka.ACLOperationTypeRead},
			right{kafka.ResourceTypeTopic, reader, kafka.ACLOperationTypeDescribe}, right{kafka.ResourceTypeGroup, reader, kafka.ACLOperationTypeRead})
	}
	return all
}

// principal is how the brokers name this client.
func (c *Client) principal() string {
	if c.remote.User == "" {
		return "User:ANONYMOUS"
	}
	return "User:" + c.remote.User
}

// rights reads what is allowed on the topic and its group by name, and who gets
// in otherwise.
func (c *Client) rights(ctx context.Context, topic, reader string) ([]right, Guard, error) {
	g := Guard{Topic: topic, Reader: reader, State: Own}
	if reader == "" {
		g.State = Nobody
	}
	if strings.HasPrefix(c.id, embeddedPrefix) {
		g.State = Open // it takes rights down and never asks them
		return nil, g, nil
	}
	var held []right
	for _, kind := range []kafka.ResourceType{kafka.ResourceTypeTopic, kafka.ResourceTypeGroup} {
		answer, err := c.client.DescribeACLs(ctx, &kafka.DescribeACLsRequest{Filter: kafka.ACLFilter{
			ResourceTypeFilter: kind, ResourceNameFilter: topic, ResourcePatternTypeFilter: kafka.PatternTypeMatch,
			Operation: kafka.ACLOperationTypeAny, PermissionType: kafka.ACLPermissionTypeAllow,
		}})
		if err != nil {
			return nil, Guard{}, unreachable(c.remote.Brokers, err)
		}
		if answer.Error != nil {
			g, err := c.unset(g, answer.Error)
			return nil, g, err
		}
		for _, r := range answer.Resources {
			byName := r.PatternType == kafka.PatternTypeLiteral && r.ResourceName == topic
			for _, a := range r.ACLs {
				if byName {
					held = append(held, right{kind, a.Principal, a.Operation})
				}
				g.admit(kind, a, byName, c.principal())
			}
		}
	}
	if len(g.Others) > 0 {
		g.State = Others
	}
	return held, g, nil
}

// admit notes a principal that is neither the reader nor this client.
func (g *Guard) admit(kind kafka.ResourceType, a kafka.ACLDescription, byName bool, own string) {
	if a.Principal == g.Reader || a.Principal == own {
		return
	}
	reads := a.Operation == kafka.ACLOperationTypeRead || a.Operation == kafka.ACLOperationTypeAll
	switch {
	case byName && !slices.Contains(g.Taken, a.Principal):
		g.Taken = append(g.Taken, a.Principal)
	case !byName && reads && kind == kafka.ResourceTypeTopic && !slices.Contains(g.Others, a.Principal):
		g.Others = append(g.Others, a.Principal)
	}
}

// unset turns the brokers' refusal to speak of rights into a state.
func (c *Client) unset(g Guard, err error) (Guard, error) {
	switch {
	case errors.Is(err, kafka.SecurityDisabled):
		g.State = Open
	case errors.Is(err, kafka.ClusterAuthorizationFailed):
		g.State = Unknown
	default:
		return Guard{}, fmt.Errorf("set the rights of the topic %s: %w", g.Topic, err)
	}
	g.Taken, g.Others = nil, nil
	return g, nil
}
