import Glibc

/// Keeps how far the broker has the log.
///
/// It is renamed into place but not synchronised: losing it repeats entries, and never loses one.
public struct CursorFile: Sendable {
  private let path: String

  /// The cursor of a state directory.
  public init(stateDirectory: String) {
    path = stateDirectory + "/cursor"
  }

  /// The first entry that the broker may lack; 0 where nothing is known.
  public func load() -> UInt64 {
    guard let bytes = try? DurableFiles.read(path, limit: 32) else { return 0 }
    return StateDirectory.number(bytes) ?? 0
  }

  /// Keeps the place.
  public func save(_ seq: UInt64) {
    let temporary = path + DurableFiles.temporarySuffix
    guard let file = try? OpenFile(temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600),
      (try? file.write(Array("\(seq)\n".utf8), at: 0)) != nil
    else { return }
    _ = rename(temporary, path)
  }
}
