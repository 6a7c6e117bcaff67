public import Evidence
public import MerkleLog

/// The part of a log that is under its signed head, for readers.
///
/// It takes a state directory, or the directory that is served; it reads only what a question needs.
/// The head's signature is checked when the log is opened; entries are checked by whoever uses them,
/// or all at once by `LogAudit`.
public struct PublishedLog: Sendable {
  /// The identity that signed the head.
  public let did: DIDKey
  /// The signed head.
  public let note: SignedNote
  /// The head's size and root.
  public let head: TreeHead
  private let path: String

  /// Opens a state directory or a served directory.
  public init(path: String) throws(LogFailure) {
    let served = path + "/log"
    self.path = DurableFiles.isDirectory(served) ? served : path
    let place = self.path + "/checkpoint"
    guard let bytes = try DurableFiles.read(place, limit: 1 << 20) else {
      throw .notFound("\(place) is missing; is '\(path)' the directory of a log?")
    }
    do {
      note = try SignedNote(parsing: bytes)
      did = try DIDKey(parsing: String(note.unverifiedText.prefix { $0 != "\n" }))
      head = try Checkpoint.opening(note, log: did.noteVerifier).checkpoint.head
    } catch {
      throw .contradiction("\(place): \(error)")
    }
  }

  /// The entries of the bundle with an index, each with its seq.
  public func bundle(_ index: UInt64) throws(LogFailure) -> [(seq: UInt64, bytes: [UInt8])] {
    guard let tile = Tile.at(level: 0, index: index, size: head.size) else { return [] }
    let bytes = try TileDirectory(path: path).entries(of: tile)
    do {
      let ranges = try EntryBundle.ranges(in: bytes)
      return ranges.prefix(tile.width).enumerated().map { offset, range in
        (index * 256 + UInt64(offset), Array(bytes[range]))
      }
    } catch {
      throw .contradiction("\(TilePath.entries(tile)): \(error)")
    }
  }

  /// The bundles that are kept; older ones may have gone.
  public var keptBundles: Range<UInt64> {
    get throws(LogFailure) {
      let directory = TileDirectory(path: path)
      // A full bundle is missing only where all before it are.
      var (low, high): (UInt64, UInt64) = (0, head.size / 256)
      while low < high {
        let middle = (low + high) / 2
        guard let tile = Tile(level: 0, index: middle) else { break }
        if try DurableFiles.exists(directory.path(of: .entries(tile))) {
          high = middle
        } else {
          low = middle + 1
        }
      }
      return low..<bundleCount
    }
  }

  private var bundleCount: UInt64 { (head.size + 255) / 256 }

  /// The proof that the tree of an old size is a prefix of the one under the head.
  public func consistencyProof(from old: UInt64) throws(LogFailure) -> ConsistencyProof {
    do {
      return try TileDirectory(path: path).consistencyProof(from: old, to: head.size)
    } catch {
      throw .contradiction("\(error)")
    }
  }

  /// The entry with a seq.
  public func entry(at seq: UInt64) throws(LogFailure) -> SignedEntry {
    guard seq < head.size, let found = try bundle(seq / 256).first(where: { $0.seq == seq }) else {
      throw .notFound("the signed head covers \(head.size) entries; there is no entry \(seq)")
    }
    do {
      return try SignedEntry(parsing: found.bytes)
    } catch {
      throw .contradiction("entry \(seq): \(error)")
    }
  }

  /// The newest head over an entry that witnesses have cosigned, where they have not the newest of all.
  private func witnessedHead(over seq: UInt64) throws(LogFailure) -> (SignedNote, UInt64)? {
    let directory = TileDirectory(path: path)
    guard note.signatures.count == 1,
      let bytes = try DurableFiles.read(directory.cosignedPath, limit: 1 << 20),
      let note = try? SignedNote(parsing: bytes),
      let old = try? Checkpoint.opening(note, log: did.noteVerifier).checkpoint.head,
      seq < old.size, old.size <= head.size
    else { return nil }
    return (note, old.size)
  }

  /// The proof that the log holds the entry with a seq, under the signed head, or where witnesses have
  /// not cosigned that yet, under the newest that they have.
  public func proof(
    of seq: UInt64, disclosing disclosures: [Disclosure] = []
  ) throws(LogFailure) -> EntryProof {
    let entry = try entry(at: seq)
    let (note, size) = try witnessedHead(over: seq) ?? (note, head.size)
    do {
      let inclusion = try TileDirectory(path: path).inclusionProof(index: seq, size: size)
      return EntryProof(
        entry: entry, disclosures: disclosures, index: seq, path: inclusion.path, checkpoint: note)
    } catch {
      throw .contradiction("\(error)")
    }
  }
}
