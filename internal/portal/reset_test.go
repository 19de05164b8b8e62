// SPDX-License-Identifier: GPL-3.0-or-later

package portal_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"thalamus/internal/testhub"
)

// startLink has the administrator start a link for an account, and gives its path.
func startLink(t *testing.T, h *testhub.Hub, account string) (path string) {
	t.Helper()
	a := h.SignIn(root).Post(accountsPath+"/"+account+"/link").Want(t, http.StatusOK)
	found := regexp.MustCompile(`<bdi dir="ltr">https://[^/]+(/portal/reset/[A-Za-z0-9_-]{43})</bdi>`).FindStringSubmatch(a.Text)
	if found == nil {
		t.Fatalf("there is no link in %s", a.Text)
	}
	return found[1]
}

// The administrator never learns the password, and programs that follow links use nothing up.
func TestWhoForgotHerPasswordChoosesANewOneByALink(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	hers, another := h.SignIn(ana), h.SignIn(other)
	path := startLink(t, h, ana[0])
	hers.Get("/portal/").Want(t, http.StatusOK)
	h.Do(ana, "GET", "/login", "").Want(t, http.StatusOK)

	visitor := testhub.Browser{Hub: h}
	for _, method := range []string{"GET", "HEAD", "GET"} {
		a := visitor.Do(method, path, "").Want(t, http.StatusOK)
		if got := a.Header.Get("Referrer-Policy"); got != "strict-origin" {
			t.Errorf("its path is told to others: %s", got)
		}
	}
	wantText(t, visitor.Get(path), "<bdi>"+ana[0]+"</bdi>", `autocomplete="new-password"`)

	if a := visitor.Post(path, "password", better, "again", better).Want(t, http.StatusSeeOther); a.Lead() != "/portal/sign-in" {
		t.Errorf("it leads to %s", a.Lead())
	}
	hers.Get("/portal/").Want(t, http.StatusSeeOther)
	h.Do(ana, "GET", "/login", "").Want(t, http.StatusUnauthorized)
	h.SignIn([]string{ana[0], better}).Get("/portal/").Want(t, http.StatusOK)
	another.Get("/portal/").Want(t, http.StatusOK)

	wantText(t, visitor.Get(path).Want(t, http.StatusNotFound), "This link is not good")
	visitor.Post(path, "password", "another password", "again", "another password").Want(t, http.StatusNotFound)
	h.SignIn([]string{ana[0], better}).Get("/portal/").Want(t, http.StatusOK)
}

// A password that breaks a rule uses nothing up, and is not sent back.
func TestAWrongNewPasswordUsesNoLinkUp(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	path, visitor := startLink(t, h, ana[0]), testhub.Browser{Hub: h}
	for _, c := range []struct{ password, again, at string }{
		{better, "another one", "again"}, {"short", "short", "password"}, {"password", "password", "password"}, {ana[0], ana[0], "password"}, {"", "", "password"},
	} {
		a := visitor.Post(path, "password", c.password, "again", c.again).Want(t, http.StatusUnprocessableEntity)
		if !strings.Contains(a.Text, `id="`+c.at+`-wrong">`) || strings.Contains(a.Text, better) {
			t.Errorf("%+v: %s", c, a.Text)
		}
	}
	visitor.Post(path, "password", better, "again", better).Want(t, http.StatusSeeOther)
}

// The token is as good as a password: no log has it, and no dump of the database.
func TestTheTokenOfALinkIsWrittenNowhere(t *testing.T) {
	t.Parallel()
	h, record := testhub.Recorded(t)
	path, visitor := startLink(t, h, ana[0]), testhub.Browser{Hub: h}
	visitor.Get(path)
	visitor.Get(path + "x")
	visitor.Post(path, "password", "short", "again", "short")
	visitor.Do("PUT", path, "")
	visitor.Do("POST", path+"?%zz=%zz", "password=%zz")
	h.DoWith(nil, "POST", path, "", "Sec-Fetch-Site", "cross-site").Want(t, http.StatusForbidden)
	visitor.Post(path, "password", better, "again", better).Want(t, http.StatusSeeOther)
	visitor.Get(path)

	token := strings.TrimPrefix(path, "/portal/reset/")
	h.Close()
	for where, text := range map[string]string{"the log": h.Log.String(), "the access record": strings.Join(record.Take(), "")} {
		if strings.Contains(text, token) || strings.Contains(text, better) {
			t.Errorf("%s has it: %s", where, text)
		}
	}
	if !strings.Contains(h.Log.String(), "/portal/reset/{token}") {
		t.Errorf("the log has no pattern: %s", h.Log.String())
	}
	for table, text := range everyRow(h) {
		if strings.Contains(text, token) || strings.Contains(text, better) {
			t.Errorf("%s has it", table)
		}
	}
}

// everyRow is all that the database holds, by table.
func everyRow(h *testhub.Hub) map[string]string {
	h.T.Helper()
	all := map[string]string{}
	for _, row := range h.DB.Rows(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`) {
		table, _ := row[0].(string)
		all[table] = h.DB.Text(`SELECT coalesce(string_agg(to_jsonb(t)::text, E'\n'), '') FROM ` + table + ` AS t`)
	}
	return all
}

// Wrong tokens are failed logins: an address that has come with too many waits, and others do not.
func TestWrongTokensAreLimited(t *testing.T) {
	t.Parallel()
	quick := quickHub(t)
	h := testhub.Serve(t, quick.DB, "../../etc/roles.cfg", func(o *testhub.Options) { o.Verifier = verifier(t, quick, 4) })
	path, visitor := startLink(t, quick, ana[0]), testhub.Browser{Hub: h}
	wrong := "/portal/reset/" + strings.Repeat("A", 43)
	limited := false
	for n := range 12 {
		a := visitor.Get(wrong)
		if n%2 == 1 {
			a = visitor.Post(wrong, "password", better, "again", better)
		}
		limited = limited || a.StatusCode == http.StatusTooManyRequests && a.Header.Get("Retry-After") != ""
	}
	if !limited {
		t.Error("twelve tokens were tried")
	}
	visitor.Get(path).Want(t, http.StatusTooManyRequests)
	h.SignIn(ana).Get("/portal/").Want(t, http.StatusOK)
	testhub.Browser{Hub: quick}.Get(path).Want(t, http.StatusOK)
}

// A link takes the grants of a new password for somebody else, and is not for oneself.
func TestALinkTakesTheGrantsOfANewPassword(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	h.SetPolicy(policyWith(t, `
		{"role": "keeper", "permissions": {"PATCH": ["roles", "person"], "global": "True"}},
		{"role": "setter", "permissions": {"POST": ["password"], "GET": ["person"], "global": "True"}},
		{"role": "both", "permissions": {"PATCH": ["roles"], "POST": ["password"], "global": "True"}}`))
	for _, c := range []struct {
		account []string
		want    int
	}{
		{ana, 403}, {cameron, 403}, {root, 200}, {h.Enrol("KEEPER", "keeper"), 403}, {h.Enrol("SETTER", "setter"), 403}, {h.Enrol("BOTH", "both"), 200}, {h.Enrol("NOROLE"), 403},
	} {
		b := h.SignIn(c.account)
		b.Post(accountsPath+"/"+other[0]+"/link").Want(t, c.want)
		a := b.Get(accountsPath + "/" + other[0])
		if offered := strings.Contains(a.Text, "/link\">"); offered != (c.want == 200) {
			t.Errorf("%s is offered a link: %v", c.account[0], offered)
		}
		if c.want == 200 {
			wantText(t, b.Post(accountsPath+"/"+c.account[0]+"/link").Want(t, http.StatusUnprocessableEntity), "where the old one is asked for")
		}
	}
	wantText(t, h.SignIn(root).Get(accountsPath+"/"+other[0]), "<bdi>BOTH</bdi> has started a link")
	h.DB.Exec(`UPDATE people SET data = data || '{"active": false}' WHERE id = $1`, other[0])
	wantText(t, h.SignIn(root).Post(accountsPath+"/"+other[0]+"/link").Want(t, http.StatusUnprocessableEntity), "This account is disabled")
	h.SignIn(root).Post(accountsPath+"/NOBODY/link").Want(t, http.StatusNotFound)
}

// The link has the name by which the administrator's browser has reached the hub, and the prefix of a proxy.
func TestALinkLeadsToWhereTheAdministratorIs(t *testing.T) {
	t.Parallel()
	h := quickHub(t, func(o *testhub.Options) { o.BasePath = "/apps/thalamus" })
	b := h.SignIn(root)
	a := h.DoWith(nil, "POST", accountsPath+"/"+ana[0]+"/link", "", "Cookie", b.Cookie, "Sec-Fetch-Site", "same-origin", "Origin", "https://hub.example:8443").Want(t, http.StatusOK)
	wantText(t, a, `>https://hub.example:8443/apps/thalamus/portal/reset/`)
}

// The page speaks other languages without a sign-in, and stays where it is.
func TestALinkIsReadInOnesLanguage(t *testing.T) {
	t.Parallel()
	h := quickHub(t)
	path, visitor := startLink(t, h, ana[0]), testhub.Browser{Hub: h}
	wantText(t, visitor.Get(path+"?language=es"), `<html lang="es"`, "Elegir una contraseña nueva", `href="`+path+`?language=fr"`)
	visitor.Post(path+"?language=es", "password", better, "again", better).Want(t, http.StatusSeeOther)
}
