// Package kafkatest owns brokers of Apache Kafka for tests: one node in KRaft
// mode on 127.0.0.1, with TLS, a SCRAM sign-in and an authorizer. It promises a
// broker that ends with the test and can be killed and started again on its port and folder. It
// never downloads: deploy/kafka/fetch.sh puts the jars into the user cache.
package kafkatest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"hengjian/ingest/broker"
)

// Version is that of deploy/kafka/pom.xml.
const Version = "4.1.1"

const (
	user     = "loader"
	password = "a-password-of-the-test"
	patience = 2 * time.Minute // until the broker answers on a busy machine
)

// authorizer lets nobody do what no right allows, but the super users: the
// loader, and the broker itself on its inner listeners.
const authorizer = `authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:loader;User:ANONYMOUS
`

// Server is a running broker.
type Server struct {
	Remote broker.Remote // how to reach it
	t      testing.TB
	dir    string
	jars   string
	cmd    *exec.Cmd
}

// Start runs a broker until the test ends, with the user loader, a super user,
// and the users named, who may do nothing yet. Without the jars it fails and
// says how to get them.
func Start(t testing.TB, users ...string) *Server {
	t.Helper()
	return start(t, authorizer, users)
}

// StartOpen runs a broker that checks no rights.
func StartOpen(t testing.TB) *Server {
	t.Helper()
	return start(t, "", nil)
}

func start(t testing.TB, rights string, users []string) *Server {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, dir: t.TempDir(), jars: filepath.Join(cache, "hengjian", "kafka-"+Version)}
	if _, err := os.Stat(filepath.Join(s.jars, ".complete")); err != nil {
		t.Fatalf("the jars of Apache Kafka %s are missing: run `make test-kafka`, which fetches them", Version)
	}
	s.certificate()
	ports := freePorts(t, 3)
	s.write("server.properties", s.properties(ports)+rights)
	s.Remote = broker.Remote{
		Brokers: []string{fmt.Sprintf("127.0.0.1:%d", ports[0])}, TLS: true, CAFile: filepath.Join(s.dir, "ca.pem"),
		Mechanism: broker.ScramSHA512, User: user, Password: password,
	}
	id := make([]byte, 16)
	rand.Read(id) //nolint:errcheck // never fails by its contract
	args := []string{"kafka.tools.StorageTool", "format", "-t", base64.RawURLEncoding.EncodeToString(id), "-c", filepath.Join(s.dir, "server.properties")}
	for _, name := range append([]string{user}, users...) {
		args = append(args, "--add-scram", "SCRAM-SHA-512=[name="+name+",password="+password+"]")
	}
	format := s.java(args...)
	if out, err := format.CombinedOutput(); err != nil {
		t.Fatalf("format the storage of Kafka: %v\n%s", err, out)
	}
	s.Restart()
	t.Cleanup(s.Kill)
	return s
}

// As is how a user of Start reaches the broker.
func (s *Server) As(name string) broker.Remote {
	r := s.Remote
	r.User = name
	return r
}

// Kill ends the broker as a crash would.
func (s *Server) Kill() {
	s.cmd.Process.Kill() //nolint:errcheck // it may have ended
	s.cmd.Wait()         //nolint:errcheck // killed
}

// Restart starts the broker on its port and folder and waits until it answers.
func (s *Server) Restart() {
	s.t.Helper()
	s.cmd = s.java("kafka.Kafka", filepath.Join(s.dir, "server.properties"))
	out, err := os.OpenFile(filepath.Join(s.dir, "out"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	defer out.Close()
	s.cmd.Stdout, s.cmd.Stderr = out, out
	if err := s.cmd.Start(); err != nil {
		s.t.Fatalf("start Kafka: %v", err)
	}
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); ; <-tick.C {
		client, err := broker.Dial(context.Background(), s.Remote)
		if err == nil {
			client.Close()
			return
		}
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(filepath.Join(s.dir, "out"))
			s.t.Fatalf("Kafka does not answer: %v\n%s", err, text)
		}
	}
}

// Dial returns a client that is closed with the test.
func (s *Server) Dial(t testing.TB) *broker.Client {
	t.Helper()
	c, err := broker.Dial(t.Context(), s.Remote)
	if err != nil {
		t.Fatalf("dial Kafka: %v", err)
	}
	t.Cleanup(c.Close)
	return c
}

func (s *Server) java(args ...string) *exec.Cmd {
	return exec.Command("java", append([]string{"-Xmx512m", "-XX:+UseSerialGC", "-cp", filepath.Join(s.jars, "*")}, args...)...)
}

func (s *Server) write(name, text string) {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// properties are those of one node that is broker and controller.
func (s *Server) properties(ports []int) string {
	return fmt.Sprintf(`process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:%[3]d
controller.listener.names=CONTROLLER
inter.broker.listener.name=INNER
listeners=CLIENT://127.0.0.1:%[1]d,INNER://127.0.0.1:%[2]d,CONTROLLER://127.0.0.1:%[3]d
advertised.listeners=CLIENT://127.0.0.1:%[1]d,INNER://127.0.0.1:%[2]d
listener.security.protocol.map=CLIENT:SASL_SSL,INNER:PLAINTEXT,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.client.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.client.ssl.keystore.type=PEM
listener.name.client.ssl.keystore.location=%[4]s/server.pem
log.dirs=%[4]s/log
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
message.max.bytes=16900000
`, ports[0], ports[1], ports[2], s.dir)
}

// certificate makes a certificate of its own authority for 127.0.0.1.
func (s *Server) certificate() {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kafka"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	cert, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		s.t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		s.t.Fatal(err)
	}
	public := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
	s.write("ca.pem", public)
	s.write("server.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))+public)
}

func freePorts(t testing.TB, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}
