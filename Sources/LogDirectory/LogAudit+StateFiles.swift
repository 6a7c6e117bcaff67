import Evidence
import Glibc
import MerkleLog

extension LogAudit {
  /// The names in a state directory.
  private static let stateNames: Set<String> = [
    "begin", "boot", "checkpoint", "cursor", "disclosures", "initialising", "kept", "keys", "lock",
    "log",
    "log.pub.pem",
    "log.vkey", "named", "origin", "retired", "rolled-back", "simulated", "unsigned.1.jsonl",
    "unsigned.jsonl", "wal", "witnesses",
  ]

  /// The files beside the log that say whose it is, and that there are no others.
  func checkStateFiles(
    _ did: DIDKey, _ moment: Moment, _ report: inout Report
  ) throws(Fault) {
    let expected = [
      ("origin", did.description), ("log.vkey", did.vkey + "\n"), ("log.pub.pem", did.publicKeyPEM),
    ]
    for (file, text) in expected {
      guard let bytes = try read(file) else { throw Fault(place: file, reason: "is missing") }
      guard bytes.elementsEqual(text.utf8) else {
        throw Fault(place: file, reason: "is not of the identity \(did) that signed the head")
      }
    }
    try checkKeys(did, &report)
    try checkLink(moment)
    try checkNames(in: "", known: Self.stateNames, &report)
  }

  /// Only the board itself may read the key; where this is the board, the key must fit.
  private func checkKeys(_ did: DIDKey, _ report: inout Report) throws(Fault) {
    guard access(root + "/keys", R_OK | X_OK) == 0 else { return }
    try checkNames(in: "keys", known: ["identity", "credential"], &report)
    guard access(root + "/keys/identity", R_OK) == 0 else { return }
    do throws(LogFailure) {
      guard try IdentityFile.read(root + "/keys/identity").did == did else {
        throw .contradiction("is not the key of \(did)")
      }
    } catch {
      throw Fault(place: "keys/identity", reason: "\(error)")
    }
  }

  /// `checkpoint` is a link to the served one, or in a copy perhaps the same bytes.
  private func checkLink(_ moment: Moment) throws(Fault) {
    let place = "checkpoint"
    guard let bytes = try read(place) else { throw Fault(place: place, reason: "is missing") }
    // The served one is read anew: where the head has changed since, the link shows the newer one.
    let served = try read(prefix + place)
    guard bytes == moment.checkpoint || bytes == served else {
      throw Fault(place: place, reason: "is not the signed head in \(prefix)\(place)")
    }
  }

  /// That a directory holds no other names; a temporary file is a note.
  func checkNames(
    in directory: String, known: Set<String>, _ report: inout Report
  ) throws(Fault) {
    let above = directory.isEmpty || directory.hasSuffix("/") ? directory : directory + "/"
    for name in try names(in: directory) where !known.contains(name) {
      guard name.hasSuffix(DurableFiles.temporarySuffix) else {
        throw Fault(place: above + name, reason: "does not belong into a log")
      }
      report.notes.append("\(above)\(name) was never finished; it means nothing")
    }
  }

  /// What the files say by being there.
  func checkMarkers(_ report: inout Report) throws(Fault) {
    let isMarked = try exists("simulated")
    guard isMarked == report.isSimulated else {
      throw Fault(
        place: "simulated",
        reason: isMarked
          ? "marks a throw-away identity, but no entry says that it is simulated"
          : "is missing, though entries say that they are simulated")
    }
    if try exists("initialising") {
      report.notes.append(
        "initialising: the first start did not end; nothing of this log was ever shown")
    }
  }

  func exists(_ place: String) throws(Fault) -> Bool {
    do {
      return try DurableFiles.exists(root + "/" + place)
    } catch {
      throw Fault(place: place, reason: "\(error)")
    }
  }

  func names(in directory: String) throws(Fault) -> [String] {
    do {
      return try DurableFiles.names(in: root + "/" + directory)
    } catch {
      throw Fault(place: directory, reason: "\(error)")
    }
  }
}
