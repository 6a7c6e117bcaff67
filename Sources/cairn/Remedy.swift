import Evidence
import LogDirectory

/// What an operator does about a failure of the log, in a sentence with a command.
struct Remedy {
  /// The board file, as it was named.
  let boardFile: String
  /// The board's state directory.
  let directory: String

  /// What to do about a failure.
  func text(for failure: LogFailure) -> String {
    switch failure {
    case .full:
      "free space on the disk of \(directory), then start the board again; "
        + "'when-full: drop-oldest' lets go what the broker has"
    case .system(_, _, let error) where error == "No space left on device":
      "free space on the disk of \(directory), then start the board again"
    case .system: "see to the disk of \(directory), then start the board again"
    case .heldByAnother: "stop the other process, or give each board a directory of its own"
    case .otherBoard: "name another directory with --state"
    case .rolledBack:
      "put the newest copy of \(directory) back; where there is none, or another board signs with "
        + "it, type 'cairn log init \(boardFile)' to begin a new log under a new identity; where this is "
        + "the newest and a witness is wrong, see docs/operating.md, 'Witnesses'"
    case .disputed:
      "ask the witness's operator which head it has cosigned; where two boards have signed, type 'cairn "
        + "log init \(boardFile)', where its address is wrong, mend it, then start the board again"
    case .retired where (try? StateDirectory.hasSuccessor(directory)) == true:
      "type 'cairn identity rotate \(boardFile)' to let the successor take its place"
    case .retired: "type 'cairn log init \(boardFile)' to begin a new log under a new identity"
    case .notFound where StateLocation.credential != nil:
      "where this key has never signed a log, type 'cairn log init \(boardFile)'; else make a new key"
    case .contradiction, .closed, .notFound:
      "type 'cairn verify \(directory)' to see where, and 'cairn log init \(boardFile)' to begin a "
        + "new log under a new identity"
    }
  }
}
