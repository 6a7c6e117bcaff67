import Glibc
import MQTTTransport
import Testing

/// Sessions over TLS, with authorities that the test founds.
@Suite(.serialized) struct TLSTests {
  /// An authority and what it signs, in a directory of its own.
  private struct Authority {
    let directory: Directory

    init() throws {
      directory = try Directory()
      try openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-keyout", path("ca.key"), "-out", path("ca.pem"), "-subj", "/CN=Test authority", "-days",
        "2")
      try directory.write("", to: "index")
      try directory.write("01", to: "serial")
      try directory.write(
        """
        [ca]
        default_ca = test
        [test]
        database = \(path("index"))
        serial = \(path("serial"))
        new_certs_dir = \(directory.root)
        certificate = \(path("ca.pem"))
        private_key = \(path("ca.key"))
        default_md = sha256
        policy = any
        unique_subject = no
        copy_extensions = copy
        [any]
        commonName = supplied

        """, to: "ca.conf")
    }

    func path(_ name: String) -> String { directory.path(name) }

    /// Signs a certificate for a host, valid from a year (two digits) on.
    func sign(_ name: String, for host: String, from year: String = "20") throws {
      try openssl(
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
        path("\(name).key"), "-out", path("\(name).csr"), "-subj", "/CN=\(name)", "-addext",
        "subjectAltName=\(host)")
      try openssl(
        "ca", "-batch", "-notext", "-config", path("ca.conf"), "-in", path("\(name).csr"), "-out",
        path("\(name).pem"), "-startdate", "\(year)0101000000Z", "-enddate", "490101000000Z")
    }

    /// Starts a broker with a certificate that was signed here.
    func broker(_ name: String, _ settings: String = "") async throws -> Broker {
      try await Broker(
        """
        allow_anonymous true
        cafile \(path("ca.pem"))
        certfile \(path("\(name).pem"))
        keyfile \(path("\(name).key"))
        \(settings)
        """)
    }

    private func openssl(_ arguments: String...) throws {
      try Child.run("/usr/bin/openssl", arguments, in: directory)
    }
  }

  private func station(
    _ broker: Broker, host: String = "127.0.0.1", authorities: String? = nil, name: String? = nil
  ) throws -> Station {
    Station(
      try broker.configuration(
        scheme: "mqtts", host: host,
        tls: .init(
          authorities: authorities, certificate: name.map { "\($0).pem" },
          key: name.map { "\($0).key" })))
  }

  /// The reason of the first failed attempt.
  private func reason(_ station: Station) async throws -> String {
    #expect(await eventually { station.told.losses.count >= 2 })
    #expect(station.told.connections == 0)
    await station.stop()
    return try #require(station.told.losses.first)
  }

  @Test func `trusts the authority it was given, by name and by address`() async throws {
    let authority = try Authority()
    try authority.sign("broker", for: "DNS:localhost,IP:127.0.0.1")
    let broker = try await authority.broker("broker")
    for host in ["127.0.0.1", "localhost"] {
      let station = try station(broker, host: host, authorities: authority.path("ca.pem"))
      #expect(await station.connects())
      for token in UInt64(0)..<500 { try station.publish("x", to: "entry", token: token) }
      #expect(await eventually { station.told.tokens == Array(0..<500) })
      await station.stop()
      #expect(station.told.losses == [])
    }
  }

  @Test func `shows its own certificate`() async throws {
    let authority = try Authority()
    try authority.sign("broker", for: "IP:127.0.0.1")
    try authority.sign("board", for: "DNS:board")
    let broker = try await authority.broker("broker", "require_certificate true")
    let known = try station(
      broker, authorities: authority.path("ca.pem"), name: authority.path("board"))
    #expect(await known.connects())
    await known.stop()
    _ = try await reason(station(broker, authorities: authority.path("ca.pem")))
  }

  @Test func `says that nobody it trusts vouches for the broker`() async throws {
    let authority = try Authority()
    try authority.sign("broker", for: "IP:127.0.0.1")
    let broker = try await authority.broker("broker")
    let other = try Authority()
    let words = try await reason(station(broker, authorities: other.path("ca.pem")))
    #expect(
      words.contains("TLS with mqtts://") && words.contains("check the file of the authorities"))
    // Without a file the operating system's authorities decide, and they know nothing of ours.
    let system = try await reason(station(broker))
    #expect(system.contains("check the file of the authorities"))
  }

  @Test func `says that a certificate is not yet valid, and to look at the clock`() async throws {
    let authority = try Authority()
    try authority.sign("broker", for: "IP:127.0.0.1", from: "48")
    let broker = try await authority.broker("broker")
    let words = try await reason(station(broker, authorities: authority.path("ca.pem")))
    #expect(words.contains("certificate is not yet valid") && words.contains("clock"))
  }

  @Test func `says that a certificate is for another host`() async throws {
    let authority = try Authority()
    try authority.sign("broker", for: "DNS:elsewhere.example")
    let broker = try await authority.broker("broker")
    let words = try await reason(
      station(broker, host: "localhost", authorities: authority.path("ca.pem")))
    #expect(words.contains("host"))
  }

  @Test func `says that there is no TLS on the other side`() async throws {
    let broker = try await Broker()
    let authority = try Authority()
    _ = try await reason(station(broker, authorities: authority.path("ca.pem")))
  }

  @Test func `names the file that can't be read`() async throws {
    let broker = try await Broker()
    let words = try await reason(station(broker, authorities: "/nowhere/ca.pem"))
    #expect(words.contains("'/nowhere/ca.pem' can't be read: No such file"))
  }
}
