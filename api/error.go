package api

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"hengjian/warehouse"
)

// Text is a text in both languages.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// in returns the text of a language, zh or en.
func (t Text) in(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.ZH
}

// failure is an error with a stable code of the document. Its details replace
// those of the table where given.
type failure struct {
	code   string
	detail Text
	parts  []problemPart
	err    error
}

func (f *failure) Error() string {
	if f.detail.EN != "" {
		return f.code + ": " + f.detail.EN
	}
	return f.code
}

func (f *failure) Unwrap() error { return f.err }

// actRefused is the failure of an act that its family refuses as it stands
// (Invalid) or in this state (Conflict); zh leads its words. Any other error stays.
func actRefused(err error, zh string) error {
	var known *warehouse.Error
	if !errors.As(err, &known) || known.Code != warehouse.Invalid && known.Code != warehouse.Conflict {
		return err
	}
	code := map[warehouse.Code]string{warehouse.Invalid: "invalid", warehouse.Conflict: "act_refused"}[known.Code]
	return &failure{code: code, detail: Text{zh + known.Message, known.Message}, err: err}
}

// problem is the answer of a failure, RFC 9457.
type problem struct {
	Type      string           `json:"type"`
	Title     string           `json:"title"`
	Status    int              `json:"status"`
	Detail    string           `json:"detail"`
	Code      string           `json:"code"`
	TraceID   string           `json:"trace_id"`
	Localized localizedProblem `json:"localized"`
	Errors    []problemPart    `json:"errors,omitempty"`
}

type localizedProblem struct {
	Title  Text `json:"title"`
	Detail Text `json:"detail"`
}

// problemPart is one place of the request that is wrong.
type problemPart struct {
	Where  string `json:"where"`
	Detail Text   `json:"detail"`
}

// kind is one row of the table of failures.
type kind struct {
	status        int
	title, detail Text
}

// kinds maps each code to its HTTP number and words; only this file knows numbers.
var kinds = map[string]kind{
	"invalid":          {http.StatusBadRequest, Text{"请求不正确", "The request is not valid"}, Text{"请按接口说明修改参数", "Correct the parameters as the document says"}},
	"act_refused":      {http.StatusConflict, Text{"该操作不能进行", "The act is not possible"}, Text{"请重新读取线索后再操作", "Read the finding again and act on what it says"}},
	"bad_cursor":       {http.StatusBadRequest, Text{"翻页标记无效", "The cursor is not valid"}, Text{"请以同样的筛选条件从第一页重新开始", "Begin again at the first page with the same filters"}},
	"sql_refused":      {http.StatusBadRequest, Text{"查询未被允许", "The query is not allowed"}, Text{"只能对所列视图写一条 SELECT", "Write one SELECT over the listed views"}},
	"sql_failed":       {http.StatusBadRequest, Text{"查询无法执行", "The query cannot be run"}, Text{"请检查语法、字段名和类型", "Check syntax, names and types"}},
	"query_cancelled":  {http.StatusConflict, Text{"查询已取消", "The query was cancelled"}, Text{"查询在完成前被取消", "It was cancelled before it ended"}},
	"query_limit":      {http.StatusBadRequest, Text{"查询超出限额", "The query is over a limit"}, Text{"请缩小时间或机关范围，或先汇总", "Read fewer months or organs, or sum up first"}},
	"result_gone":      {http.StatusGone, Text{"结果已不再保留", "The result is not kept any more"}, Text{"请重新执行查询", "Run the query again"}},
	"unauthenticated":  {http.StatusUnauthorized, Text{"尚未登录", "Nobody is signed in"}, Text{"请先登录", "Sign in first"}},
	"wrong_password":   {http.StatusUnauthorized, Text{"无法登录", "Sign-in failed"}, Text{"账号或口令不正确", "Account or password is wrong"}},
	"forbidden":        {http.StatusForbidden, Text{"没有权限", "Not granted"}, Text{"您的角色未获授权使用此功能", "Your role is not granted this"}},
	"foreign_origin":   {http.StatusForbidden, Text{"来源不被接受", "The origin is not accepted"}, Text{"修改类请求须来自本站页面并带有 X-Hengjian-Client 头", "Requests that change something come from these pages and carry X-Hengjian-Client"}},
	"host_refused":     {http.StatusForbidden, Text{"主机名不被接受", "The host is not accepted"}, Text{"请使用配置中的主机名访问", "Use a host name of the configuration"}},
	"not_found":        {http.StatusNotFound, Text{"没有找到", "Not found"}, Text{"没有这项内容，或不在您的权限范围内", "There is nothing here, or nothing you may see"}},
	"nothing_computed": {http.StatusNotFound, Text{"尚无计算结果", "Nothing is computed yet"}, Text{"首次计算完成后可见", "It shows after the first run"}},
	"package_refused":  {http.StatusUnprocessableEntity, Text{"整包退回", "The package is refused whole"}, Text{"未读取其中任何记录；请按所列原因改正后重新上传", "No record of it was read: correct what is listed and send it again"}},
	"conflict":         {http.StatusConflict, Text{"当前状态不允许", "The state does not allow it"}, Text{"请刷新后重试", "Reload and try again"}},
	"too_large":        {http.StatusRequestEntityTooLarge, Text{"请求过大", "The request is too large"}, Text{"请缩短内容", "Shorten it"}},
	"too_many":         {http.StatusTooManyRequests, Text{"请求过多", "Too many requests"}, Text{"请稍候再试", "Wait a little and try again"}},
	"unavailable":      {http.StatusServiceUnavailable, Text{"暂不可用", "Not available now"}, Text{"数据引擎未就绪，请稍候再试", "The engine is not ready: try again shortly"}},
	"internal":         {http.StatusInternalServerError, Text{"内部错误", "Internal error"}, Text{"已记录，请将编号告知管理员", "It is logged: give the number to the administrator"}},
}

// codes maps the codes of the rooms below.
var codes = map[warehouse.Code]string{
	warehouse.Invalid: "invalid", warehouse.Unauthenticated: "unauthenticated", warehouse.Forbidden: "forbidden", warehouse.NotFound: "not_found",
	warehouse.Conflict: "conflict", warehouse.TooMany: "too_many", warehouse.Unavailable: "unavailable", warehouse.Internal: "internal",
}

// describe finds the row, the words and the parts of an error.
func describe(err error) (code string, k kind, detail Text, parts []problemPart) {
	var f *failure
	if errors.As(err, &f) {
		k = kinds[f.code]
		detail = k.detail
		if f.detail != (Text{}) {
			detail = f.detail
		}
		return f.code, k, detail, f.parts
	}
	code = codes[warehouse.CodeOf(err)]
	return code, kinds[code], kinds[code].detail, nil
}

// refuse answers an error; internal ones are logged with their cause.
func (s *Server) refuse(c *gin.Context, err error) {
	code, k, detail, parts := describe(err)
	trace := c.GetString(traceKey)
	if k.status >= http.StatusInternalServerError {
		s.deps.Log.Error("request failed", "operation", c.GetString(operationKey), "trace", trace, "code", code, "error", err)
	}
	if code == "too_many" || code == "unavailable" {
		c.Header("Retry-After", "10")
	}
	lang := language(c.Request)
	c.Header("Content-Language", lang)
	c.Header("Cache-Control", "no-store")
	c.Set(codeKey, code)
	body := problem{
		Type: "about:blank#" + code, Title: k.title.in(lang), Status: k.status, Detail: detail.in(lang), Code: code, TraceID: trace,
		Localized: localizedProblem{Title: k.title, Detail: detail}, Errors: parts,
	}
	c.Abort()
	writeJSON(c, k.status, "application/problem+json", body)
}
