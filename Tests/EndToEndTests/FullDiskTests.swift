import BrokerTesting
import Evidence
import Foundation
import Glibc
import Testing

/// Whether this machine lets anybody mount a file system in a name space of their own.
private enum NameSpaces {
  static let canMount: Bool = {
    var identifier: pid_t = 0
    let arguments = ["unshare", "-rm", "/bin/sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    var pointers = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    guard posix_spawn(&identifier, "/usr/bin/unshare", nil, nil, &pointers, environ) == 0 else {
      return false
    }
    var status: CInt = 0
    return waitpid(identifier, &status, 0) == identifier && status == 0
  }()
}

/// A state directory on a disk of 900 kB.
@Suite(.enabled(if: NameSpaces.canMount, "no user name spaces on this machine"))
struct FullDiskTests {
  private func board(_ port: UInt16, whenFull: String) -> String {
    """
    board: { name: fast }
    buses: { i2c-1: { device: virtual } }
    sensors:
      air:
        driver: bme280
        on: i2c-1
        every: 100 ms
        simulate: { temperature: "sine(21, 3, 3 s)", humidity: "45", pressure: "sine(90000, 500, 7 s)" }
      roof:
        driver: sht3x
        on: i2c-1
        every: 100 ms
        simulate: { temperature: "sine(20, 5, 3 s)", humidity: "sine(50, 30, 2 s)" }
    record: { every: 100 ms, checkpoint: 1 s, when-full: \(whenFull) }
    mqtt: { broker: "mqtt://127.0.0.1:\(port)" }
    """
  }

  @Test(arguments: [("drop-oldest", "kept-from", 0), ("stop", "recording stops", 1)])
  func `a full disk is survived as the board file says, with a signed event`(
    whenFull: String, words: String, code: Int
  ) async throws {
    let broker = try await Broker("allow_anonymous true\nmax_queued_messages 100000")
    let subscriber = try await OutlivingSubscriber(to: broker)
    let directory = broker.directory
    let file = try directory.write(board(broker.port, whenFull: whenFull), to: "board.yaml")
    let state = directory.path("disk")
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    let script = """
      mount -t tmpfs -o size=900k tmpfs "$1" || exit 9
      "$0" run "$2" --state "$1" & board=$!
      while [ ! -e "$3" ]; do sleep 0.2; done
      kill -TERM $board; wait $board; echo "exit $?"
      "$0" verify "$1/simulated/fast"
      """
    let errors = directory.path("errors")
    let process = try Child(
      "/usr/bin/unshare",
      ["-rm", "/bin/sh", "-c", script, Cairn.path, state, file, directory.path("enough")],
      output: directory.path("output"), errors: errors)
    let isSaid = await eventually(within: .seconds(110)) {
      subscriber.messages("event").contains { $0.text.contains(words) }
    }
    let said = try directory.text(of: errors)
    #expect(isSaid, "\(said)")
    // The event is under a head, and then it happens.
    let before = subscriber.messages("checkpoint").count
    _ = await eventually {
      subscriber.messages("checkpoint").count >= before + 3
        || subscriber.messages("status").last?.object["alarm"] != nil
    }
    _ = try directory.write("", to: "enough")
    #expect(await process.end() == .exit(0))
    let output = try directory.text(of: directory.path("output"))
    #expect(output.hasPrefix("exit \(code)\n"), "\(output) \(said)")
    if code == 0 {
      #expect(output.contains("kept      from entry 256 on"), "\(output)")
    } else {
      let status = try #require(subscriber.messages("status").last { $0.object["alarm"] != nil })
      #expect((status.object["remedy"] as? String)?.contains("free space") == true)
    }
    // Nobody who listened lacks anything, and all of it is signed.
    let published = try CollectedLog(subscriber)
    let kinds = published.signed.flatMap { (try? $0.entry.eventBody().events) ?? [] }
    #expect(kinds.contains { $0.kind == .storage })
  }
}
