import Evidence
import Glibc
import MerkleLog

extension LogAudit {
  /// The entries in the write-ahead file: those under the head must be the same, those beyond it
  /// must go on from it.
  func checkWriteAheadFile(
    _ bytes: [UInt8]?, _ verifier: inout LogVerifier, _ report: inout Report
  ) throws(Fault) {
    let place = "wal"
    guard let bytes else { throw Fault(place: place, reason: "is missing") }
    let scan: WriteAheadFile.Scan
    do {
      scan = try WriteAheadFile.scan(bytes, path: place)
    } catch {
      throw Fault(place: place, reason: "\(error)")
    }
    let size = report.head.size
    guard scan.firstSeq < max(1, size), scan.nextSeq >= size else {
      throw Fault(
        place: place,
        reason: "damaged at byte \(scan.validByteCount): it ends before entry \(size), "
          + "which the signed head covers")
    }
    var bundle: (index: UInt64, entries: [[UInt8]])?
    for (offset, range) in scan.ranges.enumerated() {
      let seq = scan.firstSeq + UInt64(offset)
      let entry = Array(bytes[range])
      if seq < size {
        if bundle?.index != seq / 256 {
          bundle = (seq / 256, try entries(inBundle: seq / 256, size))
        }
        let known = bundle?.entries ?? []
        guard Int(seq % 256) < known.count, known[Int(seq % 256)] == entry else {
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
    let (_, bytes, ranges) = try bundle(tile)
    return ranges.map { Array(bytes[$0]) }
  }

  /// Files that a head no longer, or not yet, needs: versions of tiles must agree with the wider
  /// one; anything else does not belong there.
  func checkOtherFiles(
    in directory: String, _ head: TreeHead, size: UInt64, _ report: inout Report
  ) throws(Fault) {
    for name in try names(in: prefix + directory) {
      let path = directory + "/" + name
      let place = prefix + path
      if DurableFiles.isDirectory(root + "/" + place) {
        try checkOtherFiles(in: path, head, size: size, &report)
      } else if name.hasSuffix(DurableFiles.temporarySuffix) {
        report.notes.append("\(place) was never finished; it means nothing")
      } else if let tile = TilePath(parsing: path) {
        try checkVersion(tile, head, size: size, &report)
      } else {
        throw Fault(place: place, reason: "does not belong into a log")
      }
    }
  }

  private func checkVersion(
    _ path: TilePath, _ head: TreeHead, size: UInt64, _ report: inout Report
  ) throws(Fault) {
    let tile = path.tile
    let place = prefix + path.description
    let current = Tile.at(level: tile.level, index: tile.index, size: head.size)
    guard let current, current.width >= tile.width else {
      if isStateDirectory, !isReached(tile, size), !isReached(tile, try sizeNow()) {
        throw Fault(place: place, reason: "is ahead of the last entry, \(size) in all")
      }
      report.notes.append("\(place) is ahead of the signed head; it is not evidence yet")
      return
    }
    guard current.width > tile.width, let bytes = try read(place) else { return }
    let known: ArraySlice<UInt8>
    switch path {
    case .hashes:
      known = try file(of: current, TilePath.hashes).bytes.prefix(tile.byteCount)
    case .entries:
      let wider = try bundle(current)
      known = wider.bytes.prefix(wider.ranges[tile.width - 1].upperBound)
    }
    try compare(bytes, known, place: place, what: "the wider version")
  }

  private func isReached(_ tile: Tile, _ size: UInt64) -> Bool {
    (Tile.at(level: tile.level, index: tile.index, size: size)?.width ?? 0) >= tile.width
  }

  /// The number of entries that the write-ahead file reaches to by now.
  private func sizeNow() throws(Fault) -> UInt64 {
    let bytes = try read("wal") ?? []
    return (try? WriteAheadFile.scan(bytes, path: "wal"))?.nextSeq ?? 0
  }

  func checkNumbers(
    _ moment: Moment, size: UInt64, _ report: inout Report
  ) throws(Fault) {
    let bytes = try read("boot")
    guard let bytes else { throw Fault(place: "boot", reason: "is missing") }
    guard let starts = NumberFile.number(bytes) else {
      throw Fault(place: "boot", reason: "is damaged")
    }
    if let last = report.boots?.upperBound, starts < last {
      throw Fault(place: "boot", reason: "says \(starts), but an entry is of start \(last)")
    }
    guard let bytes = moment.cursor else { return }
    guard !bytes.isEmpty else {
      report.notes.append("cursor was lost; the broker will be sent entries again")
      return
    }
    guard let cursor = NumberFile.number(bytes) else {
      throw Fault(place: "cursor", reason: "is damaged")
    }
    guard cursor <= size else {
      throw Fault(place: "cursor", reason: "says \(cursor), but there are \(size) entries")
    }
  }
}
