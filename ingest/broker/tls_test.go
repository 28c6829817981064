package broker_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"hengjian/ingest/broker"
	"hengjian/warehouse"
)

// TestTLSTrustsTheNamedAuthorityOnly dials a broker whose certificate only the
// CA file vouches for.
func TestTLSTrustsTheNamedAuthorityOnly(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.TLS(&tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	remote := broker.Remote{Brokers: cluster.ListenAddrs(), TLS: true, CAFile: file, Timeout: 5 * time.Second}
	client, err := broker.Dial(t.Context(), remote)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	if err := client.CreateTopics(t.Context(), []string{"hj.a"}, 1); err != nil {
		t.Fatal(err)
	}
	remote.CAFile, remote.Timeout = "", 2*time.Second
	if _, err := broker.Dial(t.Context(), remote); warehouse.CodeOf(err) != warehouse.Unavailable {
		t.Errorf("an unknown authority: %v", err)
	}
	remote.CAFile = filepath.Join(t.TempDir(), "none.pem")
	if _, err := broker.Dial(t.Context(), remote); warehouse.CodeOf(err) != warehouse.Invalid {
		t.Errorf("no such CA file: %v", err)
	}
}
