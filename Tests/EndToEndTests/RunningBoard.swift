import BrokerTesting
import Glibc
import Testing

/// A board that runs in a process of its own, with its state and its board file in a directory.
final class RunningBoard {
  let directory: Directory
  /// The board's state directory.
  let state: String
  private var starts = 0
  private(set) var process: Child?

  /// A board that is not running yet; its board file is written by `start`.
  init(in directory: Directory) {
    self.directory = directory
    state = directory.path("state/simulated/fast")
  }

  deinit { process?.end(SIGKILL) }

  /// Starts the program with a board file; with `hidingNothing`, under a umask that lets everybody
  /// read what the program itself does not protect.
  func start(_ board: FastBoard, loudness: String = "info", hidingNothing: Bool = false) throws {
    let file = try directory.write(board.text, to: "board.yaml")
    starts += 1
    let command = [
      Cairn.path, "run", file, "--state", directory.path("state"), "--log", loudness,
    ]
    let whole =
      hidingNothing ? ["/bin/sh", "-c", "umask 0; exec \"$0\" \"$@\""] + command : command
    process = try Child(
      whole[0], Array(whole.dropFirst()), output: directory.path("cairn-\(starts).out"),
      errors: errorsPath)
  }

  private var errorsPath: String { directory.path("cairn-\(starts).err") }

  /// What the last start said on its error stream.
  var errors: String { (try? directory.text(of: errorsPath)) ?? "" }

  /// Waits until the board says that it runs.
  func runs() async -> Bool {
    await eventually { errors.contains("running") }
  }

  /// Ends the board in order; it must end as it should.
  func stop(_ expected: Child.End = .exit(0)) async throws {
    let process = try #require(process)
    process.signal(SIGTERM)
    let end = await process.end()
    #expect(end == expected, "\(errors)")
    process.end(SIGKILL)
  }

  /// Ends the board as a loss of power would.
  func kill() { process?.end(SIGKILL) }

  /// What `cairn verify` says of the board's log, which must be right.
  @discardableResult
  func verified() async throws -> String {
    let outcome = try await Cairn.run("verify", state, in: directory)
    #expect(outcome.code == 0, "\(outcome.errors)")
    return outcome.output
  }
}
