import Evidence
import LogDirectory
import MerkleLog

/// The records of a data entry, the hidden ones too where something beside the log opens them.
struct OpenedBody {
  /// The records that can be read, each with its place in the body.
  let records: [(position: Int, record: SenMLRecord)]
  /// How many records stay hidden.
  let hiddenCount: Int
  /// The names of the records that were opened.
  let openedNames: Set<String>

  init(of signed: SignedEntry, _ store: DisclosureStore) throws {
    let disclosed = Dictionary(
      try store.disclosures(of: signed).map { ($0.digest, $0.record) },
      uniquingKeysWith: { first, _ in first })
    var records: [(position: Int, record: SenMLRecord)] = []
    let elements = try signed.entry.dataBody().elements
    for (position, element) in elements.enumerated() {
      switch element {
      case .record(let record): records.append((position, record))
      case .redacted(let digest):
        if let record = disclosed[digest] { records.append((position, record)) }
      }
    }
    self.records = records
    hiddenCount = elements.count - records.count
    openedNames = Set(disclosed.values.map(\.name))
  }
}

extension PublishedLog {
  /// What the log says of the clocks of starts that had none at first.
  var bootClock: BootClock {
    get throws {
      var clock = BootClock()
      for index in try keptBundles {
        for (_, bytes) in try bundle(index) { clock.note(try SignedEntry(parsing: bytes).entry) }
      }
      return clock
    }
  }
}
