import MQTTTransport
import Testing

@Suite struct MQTTEndpointTests {
  struct Vector: CustomStringConvertible, Sendable {
    let text: String
    let host: String
    let port: UInt16
    let isEncrypted: Bool
    var description: String { text }
  }

  /// Canonical texts; the ports 1883 and 8883 are IANA's `mqtt` and `secure-mqtt`.
  static let vectors = [
    Vector(text: "mqtt://broker", host: "broker", port: 1883, isEncrypted: false),
    Vector(text: "mqtts://broker", host: "broker", port: 8883, isEncrypted: true),
    Vector(text: "mqtt://broker:8883", host: "broker", port: 8883, isEncrypted: false),
    Vector(text: "mqtts://broker:1883", host: "broker", port: 1883, isEncrypted: true),
    Vector(text: "mqtt://a-1.example:1", host: "a-1.example", port: 1, isEncrypted: false),
    Vector(text: "mqtt://my_broker:65535", host: "my_broker", port: 65535, isEncrypted: false),
    Vector(text: "mqtt://192.0.2.7", host: "192.0.2.7", port: 1883, isEncrypted: false),
    Vector(text: "mqtts://[2001:db8::7]", host: "2001:db8::7", port: 8883, isEncrypted: true),
    Vector(text: "mqtt://[::1]:18830", host: "::1", port: 18830, isEncrypted: false),
    Vector(text: "mqtt://[fe80::1%eth0]", host: "fe80::1%eth0", port: 1883, isEncrypted: false),
    Vector(
      text: "mqtt://xn--bcher-kva.example", host: "xn--bcher-kva.example", port: 1883,
      isEncrypted: false),
  ]

  @Test(arguments: vectors)
  func `reads an endpoint and writes it back`(vector: Vector) throws {
    let endpoint = try MQTTEndpoint(parsing: vector.text)
    #expect(endpoint.host == vector.host)
    #expect(endpoint.port == vector.port)
    #expect(endpoint.isEncrypted == vector.isEncrypted)
    #expect(endpoint.description == vector.text)
  }

  @Test func `writes the usual port as none`() throws {
    #expect(try MQTTEndpoint(parsing: "mqtt://broker:1883").description == "mqtt://broker")
    #expect(try MQTTEndpoint(parsing: "mqtts://[::1]:8883").description == "mqtts://[::1]")
  }

  static let refused: [(String, MQTTEndpointFailure)] = [
    ("", .missingScheme), ("broker", .missingScheme), ("broker:1883", .missingScheme),
    ("mqtt:/broker", .missingScheme), ("mqtt:broker", .missingScheme),
    ("://broker", .unknownScheme("")), ("MQTT://broker", .unknownScheme("MQTT")),
    ("tcp://broker", .unknownScheme("tcp")), ("ws://broker", .unknownScheme("ws")),
    (" mqtt://broker", .unknownScheme(" mqtt")),
    ("mqtt://user@broker", .userInformation), ("mqtt://user:secret@broker:1883", .userInformation),
    ("mqtt://user:sec/ret@broker", .userInformation), ("mqtt://@broker", .userInformation),
    ("mqtt://broker/", .path), ("mqtt://broker:1883/topic", .path), ("mqtt://broker?tls", .path),
    ("mqtt://broker#1", .path), ("mqtt:///", .path),
    ("mqtt://", .missingHost), ("mqtt://:1883", .missingHost),
    ("mqtt://bro ker", .malformedHost("bro ker")), ("mqtt://broker ", .malformedHost("broker ")),
    ("mqtt://bücher", .malformedHost("bücher")), ("mqtt://a..b", .malformedHost("a..b")),
    ("mqtt://broker.", .malformedHost("broker.")), ("mqtt://-a", .malformedHost("-a")),
    ("mqtt://a-", .malformedHost("a-")), ("mqtt://300.1.1.1", .malformedHost("300.1.1.1")),
    ("mqtt://1.2.3", .malformedHost("1.2.3")), ("mqtt://7", .malformedHost("7")),
    ("mqtt://[]", .malformedHost("")), ("mqtt://[::1%]", .malformedHost("::1%")),
    ("mqtt://[192.0.2.7]", .malformedHost("192.0.2.7")),
    ("mqtt://[:::1]", .malformedHost(":::1")), ("mqtt://[::1", .unclosedBracket),
    ("mqtt://::1", .bracketlessAddress), ("mqtt://2001:db8::7:1883", .bracketlessAddress),
    ("mqtt://broker:", .malformedPort("")), ("mqtt://broker:0", .malformedPort("0")),
    ("mqtt://broker:01883", .malformedPort("01883")), ("mqtt://broker:+1", .malformedPort("+1")),
    ("mqtt://broker:-1", .malformedPort("-1")), ("mqtt://broker:65536", .malformedPort("65536")),
    ("mqtt://broker:mqtt", .malformedPort("mqtt")), ("mqtt://[::1]1883", .malformedPort("1883")),
    ("mqtt://[::1]:", .malformedPort("")), ("mqtt://b:١", .malformedPort("١")),
  ]

  @Test(arguments: refused)
  func `refuses what is no endpoint and says what to write`(
    text: String, failure: MQTTEndpointFailure
  ) {
    #expect(throws: failure) { try MQTTEndpoint(parsing: text) }
    #expect(failure.description == "\(failure.message); \(failure.remedy)")
  }

  @Test func `a host name has its limits`() throws {
    let label = String(repeating: "a", count: 63)
    #expect(throws: Never.self) { try MQTTEndpoint(parsing: "mqtt://\(label)") }
    #expect(throws: MQTTEndpointFailure.self) { try MQTTEndpoint(parsing: "mqtt://a\(label)") }
    let longest = [label, label, label, String(label.dropLast(2))].joined(separator: ".")
    #expect(longest.count == 253)
    #expect(throws: Never.self) { try MQTTEndpoint(parsing: "mqtt://\(longest)") }
    #expect(throws: MQTTEndpointFailure.self) { try MQTTEndpoint(parsing: "mqtt://\(longest)a") }
  }

  @Test func `no message repeats a secret`() {
    for text in ["mqtt://user:secret@broker", "mqtts://secret@", "user:secret@broker"] {
      let failure = #expect(throws: MQTTEndpointFailure.self) { try MQTTEndpoint(parsing: text) }
      #expect(failure?.description.contains("secret") == false)
    }
  }

  @Test func `an endpoint is only what its writer can write`() {
    // Every text that differs from a canonical one in one place is refused, or is itself canonical.
    let usual = [":1883", ":8883"]
    for vector in Self.vectors {
      for index in vector.text.indices {
        for replacement in ["", "@", "/", ":", "[", "]", " ", "%", "é", "\u{0}", "7", "x"] {
          var mutation = vector.text
          mutation.replaceSubrange(index...index, with: replacement)
          guard let endpoint = try? MQTTEndpoint(parsing: mutation) else { continue }
          #expect(
            endpoint.description == mutation || usual.contains { mutation.hasSuffix($0) },
            "\(mutation) was read as \(endpoint)")
        }
      }
    }
  }
}
