package api

import (
	"context"
	"fmt"
	"net"
	"net/http"

	"github.com/gin-gonic/gin"

	"hengjian/api/audit"
	"hengjian/api/auth"
	"hengjian/warehouse"
)

func (s *Server) sessionRoutes(r gin.IRouter) {
	read(s, r, "/session", "getSession", s.getSession)
	r.POST("/session", s.signIn)
	r.DELETE("/session", handle(s, "signOut", s.signOut, func(c *gin.Context, _ caller, _ none) { c.Status(http.StatusNoContent) }))
}

// signInRequest is a sign-in.
type signInRequest struct {
	Account  string `json:"account" binding:"required,max=64"`
	Password string `json:"password" binding:"required,max=200"`
}

// session says who is signed in.
type session struct {
	Account  string    `json:"account"`
	Role     string    `json:"role"`
	RoleText Text      `json:"role_text"`
	Home     *organRef `json:"home"`
	Expires  string    `json:"expires"`
	Routes   []string  `json:"routes"`
}

// roleNames are the roles in both languages.
var roleNames = map[string]Text{
	auth.Leadership: {"领导", "Leadership"}, auth.Analyst: {"分析人员", "Analyst"},
	auth.Disclosure: {"信息公开人员", "Disclosure"}, auth.Steward: {"数据管理员", "Data steward"},
}

// getSession says who is signed in; Unauthenticated for nobody.
func (s *Server) getSession(ctx context.Context, who caller, _ none) (answer[session], error) {
	a := answer[session]{data: session{
		Account: who.account.Name, Role: who.account.Role, RoleText: roleNames[who.account.Role],
		Expires: instant(s.sessions.Deadline(ctx)), Routes: auth.Operations(who.account.Role),
	}}
	if home := who.state.people[who.account.Name].home; home != nil {
		a.data.Home = who.state.refOrNil(home.ID)
	}
	return a, nil
}

// signIn is the one operation without a session. It answers like getSession,
// wrong_password or too_many, and every attempt is in the audit.
func (s *Server) signIn(c *gin.Context) {
	c.Set(operationKey, "signIn")
	var q signInRequest
	if err := bind(c, &q); err != nil {
		s.refuse(c, err)
		return
	}
	ctx := c.Request.Context()
	address, _, err := net.SplitHostPort(c.Request.RemoteAddr)
	if err != nil {
		address = c.Request.RemoteAddr
	}
	checked := s.door.Check(q.Account, q.Password, address)
	outcome := "done"
	if checked != nil {
		outcome = string(warehouse.CodeOf(checked))
	}
	if err := s.audit.Record(ctx, audit.Entry{Account: q.Account, Action: "sign_in", Outcome: outcome}); err != nil {
		s.refuse(c, err)
		return
	}
	if warehouse.CodeOf(checked) == warehouse.Unauthenticated && checked != nil {
		s.refuse(c, &failure{code: "wrong_password", err: checked})
		return
	}
	if checked != nil {
		s.refuse(c, checked)
		return
	}
	if _, exists := s.state.Load().people[q.Account]; !exists {
		s.refuse(c, &warehouse.Error{Code: warehouse.Unavailable, Message: "the accounts are not read yet"})
		return
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		s.refuse(c, fmt.Errorf("renew the session: %w", err))
		return
	}
	s.sessions.Put(ctx, "account", q.Account)
	who, err := s.caller(c, "getSession")
	if err != nil {
		s.refuse(c, err)
		return
	}
	a, err := s.getSession(ctx, who, none{})
	if err != nil {
		s.refuse(c, err)
		return
	}
	writeAnswer(s, c, who, a)
}

// signOut ends the session.
func (s *Server) signOut(ctx context.Context, who caller, _ none) (none, error) {
	if err := s.sessions.Destroy(ctx); err != nil {
		return none{}, fmt.Errorf("end the session: %w", err)
	}
	return none{}, s.audit.Record(ctx, audit.Entry{Account: who.account.Name, Action: "sign_out", Outcome: "done"})
}
