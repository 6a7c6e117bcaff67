import BrokerTesting
import Testing

/// An output that does not take what it is given.
@Suite struct StandardOutputTests {
  private let directory: Directory
  private let board: String
  private let log: OwnLog

  init() throws {
    directory = try Directory()
    board = try directory.write(FastBoard().text, to: "board.yaml")
    log = try OwnLog([try OwnLog.reading("air/power", 12)], in: directory)
  }

  private func shell(_ script: String, _ arguments: [String]) async throws -> Cairn.Outcome {
    try await Cairn.run("/bin/sh", ["-c", script, Cairn.path] + arguments, in: directory)
  }

  @Test func `a full disk below the output is told, and is a failure`() async throws {
    let table = try directory.write("time,x\n0,1\n1,2\n", to: "table.csv")
    for command in [
      ["check", board], ["schema"], ["schema", "--markdown"], ["--help"], ["--version"],
      ["read", board, "air"], ["record", board, "air", "--count", "1"], ["verify", log.path],
      ["log", "export", log.path], ["log", "export", log.path, "--events"],
      ["log", "prove", log.path, "1"], ["log", "replay", log.path], ["identity", log.path],
      ["decode", "sht3x", "--raw", "6666938000a2"],
      ["compute", table, "--kernel", "mean: { kind: statistics, of: x, window: 1 s }"],
    ] {
      let outcome = try await shell("exec \"$0\" \"$@\" >/dev/full", command)
      #expect(outcome.code == 1, "\(command): \(outcome.errors)")
      #expect(
        outcome.errors
          == "cairn: cannot write the standard output: No space left on device\n",
        "\(command)")
    }
  }

  @Test func `a reader that went away ends the program without a word`() async throws {
    // The reader is gone before anything is written.
    let script = "( sleep 0.3; \"$0\" \"$@\"; echo $? >&2 ) | true"
    let signalled = try await shell(script, ["schema"])
    // 128 and SIGPIPE.
    #expect(signalled.errors == "141\n")
    let ignored = try await shell("trap '' PIPE; " + script, ["schema"])
    #expect(ignored.errors == "1\n")
  }
}
