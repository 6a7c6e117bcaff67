import MQTTTransport
import Testing

@Suite struct MQTTConfigurationTests {
  private func configuration(
    _ text: String = "mqtts://broker", clientID: String = "board", userName: String? = nil,
    password: [UInt8]? = nil, tls: MQTTConfiguration.TLSFiles = .init(),
    keepAlive: Duration = .seconds(30), firstRetry: Duration = .seconds(1)
  ) throws -> MQTTConfiguration {
    try MQTTConfiguration(
      endpoint: MQTTEndpoint(parsing: text), clientID: clientID, userName: userName,
      password: password, tls: tls, keepAlive: keepAlive, firstRetry: firstRetry)
  }

  @Test func `has the defaults of the plan`() throws {
    let made = try MQTTConfiguration(
      endpoint: MQTTEndpoint(parsing: "mqtt://broker"), clientID: "board")
    #expect(made.keepAlive == .seconds(30))
    #expect(made.protocolVersion == .automatic)
    #expect(made.firstRetry == .milliseconds(500))
    #expect(made.longestRetry == .seconds(60))
  }

  @Test func `knows the versions by their words`() {
    #expect(MQTTConfiguration.ProtocolVersion.allCases.map(\.rawValue) == ["auto", "5", "3.1.1"])
  }

  @Test func `refuses what can't be sent`() {
    #expect(throws: MQTTConfigurationFailure.clientID("")) { try configuration(clientID: "") }
    #expect(throws: MQTTConfigurationFailure.clientID("a\n")) { try configuration(clientID: "a\n") }
    #expect(throws: MQTTConfigurationFailure.userName) { try configuration(userName: "") }
    #expect(throws: MQTTConfigurationFailure.passwordWithoutUser) {
      try configuration(password: [1])
    }
    #expect(throws: MQTTConfigurationFailure.password) {
      try configuration(userName: "user", password: [1, 0])
    }
    #expect(throws: MQTTConfigurationFailure.password) {
      try configuration(userName: "user", password: [])
    }
  }

  @Test func `refuses parts that do not fit`() throws {
    let plain = try MQTTEndpoint(parsing: "mqtt://broker")
    #expect(throws: MQTTConfigurationFailure.halfAnIdentity) {
      try configuration(tls: .init(certificate: "c"))
    }
    #expect(throws: MQTTConfigurationFailure.halfAnIdentity) {
      try configuration(tls: .init(key: "k"))
    }
    #expect(throws: MQTTConfigurationFailure.filesWithoutTLS(plain)) {
      try configuration("mqtt://broker", tls: .init(authorities: "ca"))
    }
    for keepAlive: Duration in [.seconds(4), .seconds(65_536), .milliseconds(5_500)] {
      #expect(throws: MQTTConfigurationFailure.keepAlive(keepAlive)) {
        try configuration(keepAlive: keepAlive)
      }
    }
    for retry: Duration in [.zero, .seconds(61)] {
      #expect(throws: MQTTConfigurationFailure.retry) { try configuration(firstRetry: retry) }
    }
  }

  @Test func `never shows the password`() throws {
    let made = try configuration(userName: "user", password: [199, 69, 67])
    var dumped = ""
    dump(made, to: &dumped)
    for text in ["\(made)", String(reflecting: made), dumped] { #expect(!text.contains("199")) }
  }
}
