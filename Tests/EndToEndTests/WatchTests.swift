import BrokerTesting
import Evidence
import Foundation
import Glibc
import Testing

/// Somebody who reads along at the broker.
@Suite(.serialized) struct WatchTests {
  @Test func `a watcher sees readings verified, and a forged entry ends with 1`() async throws {
    let broker = try await Broker()
    let subscriber = try await OutlivingSubscriber(to: broker)
    let board = RunningBoard(in: broker.directory)
    try board.start(FastBoard(port: broker.port))
    #expect(await subscriber.receives(entries: 3))
    let address = "mqtt://127.0.0.1:\(broker.port)"
    let honest = try await Cairn.run(
      "watch", address, "--board", "fast", "--for", "2s", in: broker.directory)
    #expect(honest.code == 0, "\(honest.output)\(honest.errors)")
    #expect(honest.output.contains("air/temperature"), "\(honest.output)")
    #expect(!honest.output.contains("FAULT"))

    // One turned bit in a value of an entry that the board signed, sent by somebody else.
    let name = try #require(await watcherIsThere(broker, address))
    let entry = try #require(
      try subscriber.messages("entry").map { try SignedEntry(parsing: $0.payload) }
        .last { $0.entry.type == .data })
    var forged = entry.bytes
    forged[forged.count - 70] ^= 1
    let file = broker.directory.path("forged.entry")
    try Files.write(forged, to: file)
    _ = try await Cairn.run(
      "/usr/bin/mosquitto_pub",
      [
        "-h", "127.0.0.1", "-p", "\(broker.port)", "-q", "1", "-t", "cairn/1/fast/entry", "-f",
        file,
      ], in: broker.directory)
    #expect(await name.end(within: .seconds(10)) == .exit(1))
    let output = try broker.directory.text(of: broker.directory.path("watch.out"))
    #expect(output.contains("FAULT"), "\(output)")
    try await board.stop()
  }

  /// A watcher of three seconds that has its subscription.
  private func watcherIsThere(_ broker: Broker, _ address: String) async throws -> Child? {
    let output = broker.directory.path("watch.out")
    let child = try Child(Cairn.path, ["watch", address, "--for", "3s"], output: output)
    let sees = try await eventually(within: .seconds(3)) {
      try broker.directory.text(of: output).contains("air/temperature")
    }
    return sees ? child : nil
  }
}
