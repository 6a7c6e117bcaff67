import Evidence
import Glibc
import MerkleLog

extension LogAudit {
  /// The entries in the write-ahead file: those under the head must be the same, those beyond it
  /// must go on from it.
  func checkWriteAheadFile(
    _ verifier: inout LogVerifier, _ report: inout Report
  ) throws(Fault) {
    let place = "wal"
    guard let bytes = try read(place) else { throw Fault(place: place, reason: "is missing") }
    let scan: WriteAheadFile.Scan
    do {
      scan = try WriteAheadFile.scan(bytes, path: place)
    } catch {
      throw Fault(place: place, reason: "\(error)")
    }
    let size = report.head.size
    guard scan.firstSeq <= size, scan.firstSeq + UInt64(scan.frames.count) >= size else {
      throw Fault(
        place: place,
        reason: "damaged at byte \(scan.validByteCount): it ends before entry \(size), "
          + "which the signed head covers")
    }
    var bundle: (index: UInt64, entries: [[UInt8]])?
    for (offset, range) in scan.frames.enumerated() {
      let seq = scan.firstSeq + UInt64(offset)
      let entry = Array(bytes[range])
      if seq < size {
        if bundle?.index != seq / 256 {
          bundle = (seq / 256, try entries(inBundle: seq / 256, size))
        }
        guard let known = bundle?.entries, known[Int(seq % 256)] == entry else {
          throw Fault(
            place: place, reason: "byte \(range.lowerBound): entry \(seq) is not the one in the log"
          )
        }
      } else {
        let verdict = verifier.check(entry)
        if let fault = verdict.faults.first {
          throw Fault(place: place, reason: "byte \(range.lowerBound): \(fault)")
        }
        if let signed = verdict.entry { report.note(signed) }
        report.entriesBeyondHead += 1
      }
    }
    if scan.validByteCount < bytes.count {
      report.notes.append(
        "\(place) ends in \(bytes.count - scan.validByteCount) bytes of an entry that was never whole; "
          + "the next start cuts them off")
    }
  }

  private func entries(inBundle index: UInt64, _ size: UInt64) throws(Fault) -> [[UInt8]] {
    guard let tile = Tile.at(level: 0, index: index, size: size) else { return [] }
    let place = prefix + TilePath.entries(tile).description
    guard let bytes = try read(place), let ranges = try? EntryBundle.ranges(in: bytes) else {
      throw Fault(place: place, reason: "cannot be read")
    }
    return ranges.map { Array(bytes[$0]) }
  }

  /// Files that a head no longer, or not yet, needs: versions of tiles must agree with the wider
  /// one; anything else does not belong there.
  func checkOtherFiles(
    in directory: String, _ head: TreeHead, _ report: inout Report
  ) throws(Fault) {
    for name in DurableFiles.names(in: root + "/" + prefix + directory) {
      let path = directory + "/" + name
      let place = prefix + path
      if DurableFiles.isDirectory(root + "/" + place) {
        try checkOtherFiles(in: path, head, &report)
      } else if name.hasSuffix(DurableFiles.temporarySuffix) {
        report.notes.append("\(place) was never finished; it means nothing")
      } else if let tile = TilePath(parsing: path) {
        try checkVersion(tile, head, &report)
      } else {
        throw Fault(place: place, reason: "does not belong into a log")
      }
    }
  }

  private func checkVersion(
    _ path: TilePath, _ head: TreeHead, _ report: inout Report
  ) throws(Fault) {
    let tile = path.tile
    let place = prefix + path.description
    let current = Tile.at(level: tile.level, index: tile.index, size: head.size)
    guard let current, current.width >= tile.width else {
      report.notes.append("\(place) is ahead of the signed head; it is not evidence yet")
      return
    }
    guard current.width > tile.width, let bytes = try read(place) else { return }
    let wider: TilePath =
      switch path {
      case .hashes: .hashes(current)
      case .entries: .entries(current)
      }
    guard let known = try read(prefix + wider.description) else {
      throw Fault(place: prefix + wider.description, reason: "is missing")
    }
    var length = tile.byteCount
    if case .entries = path {
      let ranges = (try? EntryBundle.ranges(in: known)) ?? []
      length = ranges.count >= tile.width ? ranges[tile.width - 1].upperBound : known.count
    }
    try compare(bytes, known.prefix(length), place: place, what: "the wider version")
  }

  func checkNumbers(_ report: Report, size: UInt64) throws(Fault) {
    do {
      let starts = try NumberFile(path: root + "/boot").read()
      if let starts, let last = report.boots?.upperBound, starts < last {
        throw Fault(place: "boot", reason: "says \(starts), but an entry is of start \(last)")
      }
      if let cursor = try NumberFile(path: root + "/cursor").read(), cursor > size {
        throw Fault(place: "cursor", reason: "says \(cursor), but there are \(size) entries")
      }
    } catch let fault as Fault {
      throw fault
    } catch {
      throw Fault(place: ".", reason: "\(error)")
    }
  }
}
