import BrokerTesting
import Testing

/// `cairn record` on a board whose sensor 'roof' measures every 200 ms.
@Suite(.serialized) struct RecordTests {
  private let directory: Directory
  private let board: String

  init() throws {
    directory = try Directory()
    board = try directory.write(FastBoard().text, to: "board.yaml")
  }

  /// Runs the program; returns how many measurements its recording has, and the time it took.
  private func record(_ arguments: String...) async throws -> (count: Int, time: Duration) {
    let file = directory.path("roof.txt")
    let start = ContinuousClock.now
    let outcome = try await Cairn.run(
      Cairn.path, ["record", board, "roof", "-o", file] + arguments, in: directory)
    let time = ContinuousClock.now - start
    #expect(outcome.code == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    let played = try await Cairn.run("playback", file, in: directory)
    #expect(played.code == 0, "\(played.errors)")
    let count = try directory.text(of: file).split(separator: "\n").count { $0 == "fetch" }
    return (count, time)
  }

  @Test func `measurements are as far apart as on the board, or as is said`() async throws {
    let own = try await record("--count", "6")
    #expect(own.count == 6 && own.time >= .milliseconds(1000))
    let said = try await record("--count", "3", "--every", "700ms")
    #expect(said.count == 3 && said.time >= .milliseconds(1400))
    #expect(try await record("--every", "0s").count == 10)
  }

  @Test func `a recording can be as long as is said`() async throws {
    let half = try await record("--for", "1500ms", "--every", "500ms")
    // At 0, 500 and 1000 ms; fewer where the machine has much else to do.
    #expect((1...3).contains(half.count) && half.time >= .milliseconds(1000))
    let long = try await record("--for", "1h", "--count", "2")
    #expect(long.count == 2)
  }

  @Test func `times that are none are told`() async throws {
    for (arguments, errors) in [
      (["--every", "5"], "cairn: --every needs a unit: '5'; write for example '5 s'\n"),
      (["--for", "0s"], "cairn: --for '0s' is out of range; write for example '10s'\n"),
      (["--every", "-1s"], "cairn: --every '-1s' is out of range; write for example '10s'\n"),
    ] {
      let joined = ["\(arguments[0])=\(arguments[1])"]
      let outcome = try await Cairn.run(
        Cairn.path, ["record", board, "roof"] + joined, in: directory)
      #expect(outcome.errors == errors && outcome.output.isEmpty && outcome.code == 2)
    }
  }
}
