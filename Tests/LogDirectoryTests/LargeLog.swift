import Evidence
import MerkleLog
import Testing

@testable import LogDirectory

/// A log of 70,000 entries, made once: three levels of tiles, with a full one on two of them.
enum LargeLog {
  static let size: UInt64 = 70_000

  static let written: Result<Facts, any Error> = Result {
    let written = try WrittenLog()
    for head in [300, 65_535, 65_536, 69_900, size] as [UInt64] {
      while written.size < head { try written.append(Int(min(500, head - written.size))) }
      try written.writeCheckpoint()
    }
    CursorFile(stateDirectory: written.path).save(size)
    written.close()
    return Facts(
      directory: written.directory, path: written.path, root: treeRoot(written.leaves[...]))
  }

  /// What the tests need of it, whichever thread made it.
  struct Facts: Sendable {
    let directory: TemporaryDirectory
    let path: String
    let root: Hash
  }
}
