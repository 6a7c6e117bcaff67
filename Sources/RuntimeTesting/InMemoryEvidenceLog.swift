public import Evidence
public import MerkleLog

/// A log in memory, under the rules of the durable one, that can be told to fail and to hang.
///
/// After a failure of `append` or `writeCheckpoint` every later call of them fails with `closed`.
/// A test keeps a reference and looks at it while a recorder writes.
public final class InMemoryEvidenceLog: EvidenceLog, Sendable {
  fileprivate struct State: Sendable {
    var entries: [[UInt8]] = []
    var groups: [Int] = []
    var tree = GrowingTree()
    var lastLeafHash = Hash.zero
    var checkpoint: SignedNote?
    var checkpointSize: UInt64 = 0
    var closedBecause: String?
    var nextFailure: LogFailure?
    var readFailure: LogFailure?
    var rolledBack: String?
    var disclosures: [UInt64: [Disclosure]] = [:]
    var firstKept: UInt64 = 0
    var isFull = false
    var freeBytes = 1 << 30
    var capacityBytes = 1 << 30
    var bundleBytes = 100_000
    var refusedCalls = 0
    var reads = 0
  }

  private let state = Observed(State())
  private let gate = Gate()

  /// A log without entries.
  public init() {}

  /// The number of entries.
  public var size: UInt64 { UInt64(state.value.entries.count) }

  /// The leaf hash of the last entry; zero bytes where there is none.
  public var lastLeafHash: Hash { state.value.lastLeafHash }

  /// The last signed head; nil before the first.
  public var checkpoint: SignedNote? { state.value.checkpoint }

  /// The size under the last signed head.
  public var checkpointSize: UInt64 { state.value.checkpointSize }

  /// The root and size of the tree over all entries.
  public var head: TreeHead { state.value.tree.head }

  /// The entries.
  public var entries: [[UInt8]] { state.value.entries }

  /// How many entries each call of `append` brought.
  public var appendedGroups: [Int] { state.value.groups }

  /// How many entries were read.
  public var reads: Int { state.value.reads }

  /// How many calls of `append` and `writeCheckpoint` were refused or failed.
  public var refusedCalls: Int { state.value.refusedCalls }

  /// Keeps entries, in one go and in their order.
  public func append(_ entries: [[UInt8]]) throws(LogFailure) {
    gate.pass()
    let failure: LogFailure? = state.change { state in
      if let failure = state.failure() { return failure }
      if state.isFull { return .full("there is no room") }
      guard !entries.isEmpty else { return nil }
      for entry in entries {
        state.entries.append(entry)
        state.lastLeafHash = Hash.leaf(entry)
        state.tree.append(leaf: state.lastLeafHash)
      }
      state.groups.append(entries.count)
      return nil
    }
    if let failure { throw failure }
  }

  /// Keeps what opens hidden records.
  public func keep(_ disclosures: [[Disclosure]], from seq: UInt64) throws(LogFailure) {
    let failure: LogFailure? = state.change { state in
      if let failure = state.failure() { return failure }
      for (offset, group) in disclosures.enumerated() where !group.isEmpty {
        state.disclosures[seq + UInt64(offset), default: []] += group
      }
      return nil
    }
    if let failure { throw failure }
  }

  /// What opens hidden records of an entry.
  public func disclosures(of seq: UInt64) -> [Disclosure] { state.value.disclosures[seq] ?? [] }

  /// The bytes of an entry.
  public func entry(at seq: UInt64) throws(LogFailure) -> [UInt8] {
    let result: Result<[UInt8], LogFailure> = state.change { state in
      if let failure = state.readFailure { return .failure(failure) }
      guard seq < UInt64(state.entries.count) else {
        return .failure(.notFound("the log has no entry \(seq)"))
      }
      state.reads += 1
      return .success(state.entries[Int(seq)])
    }
    return try result.get()
  }

  /// The root of the tree over the first entries.
  public func root(ofFirst size: UInt64) throws(LogFailure) -> Hash {
    let entries = state.value.entries
    guard size <= UInt64(entries.count) else { throw .notFound("the log is shorter") }
    var tree = GrowingTree()
    for entry in entries.prefix(Int(size)) { tree.append(leaf: .leaf(entry)) }
    return tree.head.root
  }

  /// The proof out of all leaf hashes.
  public func consistencyProof(
    from old: UInt64, to new: UInt64
  ) throws(LogFailure) -> ConsistencyProof {
    do {
      let leaves = state.value.entries.prefix(Int(new)).map { Hash.leaf($0) }
      return try ConsistencyProof(oldSize: old, leafHashes: leaves)
    } catch {
      throw .contradiction("\(error)")
    }
  }

  /// Adds cosignatures to a head.
  public func attach(
    _ cosignatures: [NoteSignature], to note: SignedNote, over size: UInt64
  ) -> CosignedHead? {
    state.change { state in
      let head = state.checkpoint.flatMap { $0.unverifiedText == note.unverifiedText ? $0 : nil }
      guard let cosigned = try? (head ?? note).adding(cosignatures) else { return nil }
      if head != nil { state.checkpoint = cosigned }
      return CosignedHead(note: cosigned, size: size, isNewest: head != nil)
    }
  }

  /// What a test says; nothing can be dropped before it does.
  public func storage() -> LogStorage {
    let state = state.value
    return LogStorage(
      firstKept: state.firstKept, mostDroppable: state.checkpointSize / 256 * 256,
      bundleBytes: Int(state.checkpointSize / 256 - state.firstKept / 256) * state.bundleBytes,
      freeBytes: state.freeBytes, capacityBytes: state.capacityBytes)
  }

  /// A bundle of the size that a test says, made when its last entry says.
  public func bundle(startingAt seq: UInt64) -> StoredBundle {
    let state = state.value
    let last = state.entries.dropFirst(Int(seq) + 255).first
    let claimed = last.flatMap { try? SignedEntry(parsing: $0) }?.entry.clock?.unixMilliseconds
    return StoredBundle(byteCount: state.bundleBytes, claimedMilliseconds: claimed)
  }

  /// Notes what was dropped; the entries stay, for the test to look at.
  public func drop(before seq: UInt64) {
    state.change { state in
      state.freeBytes += Int((seq - state.firstKept) / 256) * state.bundleBytes
      state.firstKept = seq
    }
  }

  /// Makes the disk so large and so full, and every bundle so large, in bytes.
  public func setStorage(freeBytes: Int, capacityBytes: Int, bundleBytes: Int) {
    state.change { state in
      state.freeBytes = freeBytes
      state.capacityBytes = capacityBytes
      state.bundleBytes = bundleBytes
    }
  }

  /// Makes appending find no room until it is told otherwise.
  public func fillUp(_ isFull: Bool) { state.change { $0.isFull = isFull } }

  /// The first entry that was not dropped.
  public var firstKept: UInt64 { state.value.firstKept }

  /// Keeps why the log must not be signed.
  public func markRolledBack(because reason: String) { state.change { $0.rolledBack = reason } }

  /// Why the log must not be signed; nil where nobody said so.
  public var rolledBackReason: String? { state.value.rolledBack }

  /// Signs the head of the tree over all entries.
  public func writeCheckpoint(
    signedBy signer: some Signer
  ) throws(LogFailure) -> SignedNote {
    gate.pass()
    let result: Result<SignedNote, LogFailure> = state.change { state in
      if let failure = state.failure() { return .failure(failure) }
      if let checkpoint = state.checkpoint, state.checkpointSize == state.tree.size {
        return .success(checkpoint)
      }
      do {
        let note = try signer.checkpoint(at: state.tree.head)
        state.checkpoint = note
        state.checkpointSize = state.tree.size
        return .success(note)
      } catch {
        return .failure(.contradiction("\(error)"))
      }
    }
    return try result.get()
  }

  /// Makes the next call of `append` or `writeCheckpoint` fail, and with it all later ones.
  public func failNext(with failure: LogFailure) {
    state.change { $0.nextFailure = failure }
  }

  /// Makes reading fail until it is told otherwise with nil.
  public func failReading(with failure: LogFailure?) {
    state.change { $0.readFailure = failure }
  }

  /// Makes `append` and `writeCheckpoint` hang, as a disk can, until `release()`.
  public func hold() { gate.close() }

  /// Lets go on what hangs.
  public func release() { gate.open() }

  /// Waits until a call hangs.
  public func waitUntilHolding() async throws { try await gate.waitUntilHolding() }

  /// Waits until the log has so many entries or more, and gives them all.
  @discardableResult
  public func waitForSize(_ size: Int) async throws -> [[UInt8]] {
    try await state.wait { $0.entries.count >= size }
    return entries
  }

  /// Waits until the entries meet a condition, and gives them.
  @discardableResult
  public func wait(until condition: @escaping @Sendable ([[UInt8]]) -> Bool) async throws
    -> [[UInt8]]
  {
    try await state.wait { condition($0.entries) }
    return entries
  }

  /// Waits until so many calls of `append` and `writeCheckpoint` were refused or more.
  public func waitForRefusedCalls(_ count: Int) async throws {
    try await state.wait { $0.refusedCalls >= count }
  }

  /// Waits until a signed head covers so many entries or more.
  public func waitForCheckpoint(over size: UInt64) async throws {
    try await state.wait { $0.checkpointSize >= size }
  }
}

extension InMemoryEvidenceLog.State {
  /// Why the next call must fail; closes the log.
  fileprivate mutating func failure() -> LogFailure? {
    if let closedBecause {
      refusedCalls += 1
      return .closed(closedBecause)
    }
    guard let failure = nextFailure else { return nil }
    closedBecause = failure.description
    refusedCalls += 1
    return failure
  }
}
