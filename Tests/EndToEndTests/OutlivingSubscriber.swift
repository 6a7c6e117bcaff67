import BrokerTesting
import Foundation
import Glibc

/// A subscriber that outlives boards and brokers, and keeps everything that was ever published.
///
/// It is mosquitto's own client, with a session that the broker keeps while it is away, so that what
/// it lacks the board never published, and so that the transport under test does not judge itself.
final class OutlivingSubscriber {
  /// A message as it came.
  struct Message: Hashable {
    let topic: String
    let payload: [UInt8]
    let contentType: String
    /// Whether the publisher asked the broker to keep it.
    let isRetained: Bool
    let quality: Int

    var text: String { String(decoding: payload, as: UTF8.self) }

    /// The payload as JSON.
    var json: Any? { try? JSONSerialization.jsonObject(with: Data(payload)) }

    /// The payload as a JSON object.
    var object: [String: Any] { json as? [String: Any] ?? [:] }
  }

  private let process: Child
  private let output: String
  private var byteCount: UInt64 = 0
  private var rest: [UInt8] = []
  private var received: [Message] = []

  /// Subscribes to everything at a broker; returns when the broker has the subscription.
  init(
    to broker: Broker, as name: String = "outliving", topic: String = "#"
  ) async throws {
    output = broker.directory.path("\(name).messages")
    process = try Child(
      "/usr/bin/stdbuf",
      [
        "-oL", "/usr/bin/mosquitto_sub", "-h", "127.0.0.1", "-p", "\(broker.port)", "-V", "mqttv5",
        "-i", name, "-c", "-x", "4294967295", "-q", "1", "--retain-as-published", "-t", topic,
        "-F", "%r %q %t %x %C",
      ], output: output, errors: broker.directory.path("\(name).errors"))
    let log = broker.directory.path("mosquitto.log")
    let isSubscribed = try await eventually {
      try broker.directory.text(of: log).contains("Sending SUBACK to \(name)")
    }
    guard isSubscribed else { throw SetupFailure(description: "\(name) is not subscribed") }
  }

  /// Everything that came so far, in the order in which it came.
  var messages: [Message] {
    guard let file = FileHandle(forReadingAtPath: output) else { return received }
    defer { try? file.close() }
    guard (try? file.seek(toOffset: byteCount)) != nil, let data = try? file.readToEnd() else {
      return received
    }
    byteCount += UInt64(data.count)
    rest += data
    guard let end = rest.lastIndex(of: 0x0A) else { return received }
    for line in rest[..<end].split(separator: 0x0A) {
      let fields = line.split(separator: 0x20, maxSplits: 4, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      guard fields.count == 5 else { continue }
      received.append(
        Message(
          topic: fields[2], payload: Self.bytes(hexadecimal: fields[3]), contentType: fields[4],
          isRetained: fields[0] == "1", quality: Int(fields[1]) ?? -1))
    }
    rest.removeSubrange(...end)
    return received
  }

  /// The messages of one topic of a board.
  func messages(_ topic: String, of board: String = "fast") -> [Message] {
    messages.filter { $0.topic == "cairn/1/\(board)/\(topic)" }
  }

  /// The states that a board was in, without the repetitions that a new session or a new
  /// subscription makes.
  var states: [String] {
    var states: [String] = []
    for message in messages("status") {
      if let state = message.object["state"] as? String, state != states.last {
        states.append(state)
      }
    }
    return states
  }

  /// The states that a board announced, each as often as it came.
  var announcements: [String] {
    messages("status").compactMap { $0.object["state"] as? String }
  }

  /// Waits until so many entries came.
  func receives(entries count: Int, within limit: Duration = patience) async -> Bool {
    await eventually(within: limit) { messages("entry").count >= count }
  }

  private static func bytes(hexadecimal text: String) -> [UInt8] {
    func digit(_ byte: UInt8) -> UInt8 { byte < 0x3A ? byte - 0x30 : (byte | 0x20) - 0x57 }
    let digits = Array(text.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      digit(digits[$0]) << 4 | digit(digits[$0 + 1])
    }
  }
}
