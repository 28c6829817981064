// Package dashboards owns the built web pages. It promises the files exactly as
// the page build wrote them; it never serves them (api does) and holds no logic.
package dashboards

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Assets returns the built pages. Without a build it holds the placeholder
// alone and no index.html, which api answers with 503 and the remedy.
func Assets() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return dist
	}
	return sub
}
