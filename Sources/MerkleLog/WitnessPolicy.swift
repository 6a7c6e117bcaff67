/// Which witnesses must have cosigned a head before a reader believes it.
///
/// Source: c2sp.org/tlog-policy.
///
/// ```text
/// log <vkey> [url]
/// witness <name> <vkey> [url]
/// group <name> <all|any|number> <member> ...
/// quorum <name|none>
/// # a comment
/// ```
///
/// A member is named before it is used, so that there are no cycles.
public struct WitnessPolicy: Hashable, Sendable {
  /// A group and how many of its members must be satisfied.
  public struct Group: Hashable, Sendable {
    /// The number of members that must be satisfied.
    public let threshold: Int
    /// The names of witnesses and other groups.
    public let members: [String]
  }

  /// The logs that are trusted.
  public let logs: [NoteVerifier]
  /// The witnesses by name.
  public let witnesses: [String: NoteVerifier]
  /// The groups by name.
  public let groups: [String: Group]
  /// The witness or group that must be satisfied; nil where none must.
  public let quorum: String?

  /// What is wrong with a policy file.
  public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line, from 1.
    public let line: Int
    /// What is wrong and what to write instead.
    public let reason: String

    /// The place and what is wrong there.
    public var description: String { "line \(line): \(reason)" }
  }

  /// The policy in a file's text.
  ///
  /// - Throws: ``Failure`` for the first line that is wrong.
  public init(parsing text: String) throws(Failure) {
    var reading = Reading()
    // By bytes, since a carriage return and a newline are one character to Swift.
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      reading.number = index + 1
      let content = line.last == 0x0D ? line.dropLast() : line
      guard content.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }) else {
        throw reading.failure("a control character; write spaces between words")
      }
      let words = content.split { $0 == 0x20 || $0 == 0x09 }.map {
        String(decoding: $0, as: UTF8.self)
      }
      guard let key = words.first, !key.hasPrefix("#") else { continue }
      switch key {
      case "log": try reading.readLog(words)
      case "witness": try reading.readWitness(words)
      case "group": try reading.readGroup(words)
      case "quorum": try reading.readQuorum(words)
      default:
        throw reading.failure(
          "unknown word '\(key)'; a line begins with log, witness, group, quorum or #")
      }
    }
    guard let quorum = reading.quorum else {
      throw reading.failure("a line 'quorum NAME' is missing; 'quorum none' asks for no witness")
    }
    logs = reading.logs
    witnesses = reading.witnesses
    groups = reading.groups
    self.quorum = quorum == "none" ? nil : quorum
  }

  /// Whether witnesses that cosigned satisfy the quorum.
  public func isSatisfied(by cosigned: Set<NoteVerifier>) -> Bool {
    guard let quorum else { return true }
    return isSatisfied(quorum, by: cosigned)
  }

  private func isSatisfied(_ name: String, by cosigned: Set<NoteVerifier>) -> Bool {
    if let key = witnesses[name] { return cosigned.contains(key) }
    guard let group = groups[name] else { return false }
    return group.members.count { isSatisfied($0, by: cosigned) } >= group.threshold
  }

  /// The names of the quorum's witnesses that did not cosign, sorted.
  public func missing(in cosigned: Set<NoteVerifier>) -> [String] {
    var names: [String] = []
    var open = quorum.map { [$0] } ?? []
    while let name = open.popLast() {
      if let key = witnesses[name], !cosigned.contains(key) { names.append(name) }
      open += groups[name]?.members ?? []
    }
    return names.sorted()
  }

  /// The lines so far.
  private struct Reading {
    var number = 0
    var logs: [NoteVerifier] = []
    var witnesses: [String: NoteVerifier] = [:]
    var groups: [String: Group] = [:]
    var quorum: String?
    var grouped: Set<String> = []

    func failure(_ reason: String) -> Failure { Failure(line: number, reason: reason) }

    mutating func readLog(_ words: [String]) throws(Failure) {
      guard 2...3 ~= words.count else { throw failure("write 'log VKEY [URL]'") }
      let key = try key(words[1], .ed25519, "a log")
      guard !logs.contains(key) else { throw failure("the log is named twice; name each once") }
      logs.append(key)
    }

    mutating func readWitness(_ words: [String]) throws(Failure) {
      guard 3...4 ~= words.count else { throw failure("write 'witness NAME VKEY [URL]'") }
      try checkName(words[1])
      let key = try key(words[2], .cosignature, "a witness")
      if let other = witnesses.first(where: { $0.value.publicKey == key.publicKey }) {
        throw failure("the witness has the key of '\(other.key)'; name each witness once")
      }
      witnesses[words[1]] = key
    }

    mutating func readGroup(_ words: [String]) throws(Failure) {
      guard words.count >= 4 else { throw failure("write 'group NAME all|any|NUMBER MEMBER ...'") }
      try checkName(words[1])
      let members = Array(words[3...])
      for member in members where witnesses[member] == nil && groups[member] == nil {
        throw failure("'\(member)' is not named yet; name its witness or group above")
      }
      // So a witness never counts twice, and a policy is a tree.
      for member in members where !grouped.insert(member).inserted {
        throw failure("'\(member)' is a member already; a name is a member of one group, once")
      }
      let threshold: Int? =
        switch words[2] {
        case "all": members.count
        case "any": 1
        default: words[2].utf8.allSatisfy { 0x30...0x39 ~= $0 } ? Int(words[2]) : nil
        }
      guard let threshold, 1...members.count ~= threshold else {
        throw failure("'\(words[2])' is no threshold; write all, any, or 1 to \(members.count)")
      }
      groups[words[1]] = Group(threshold: threshold, members: members)
    }

    mutating func readQuorum(_ words: [String]) throws(Failure) {
      guard words.count == 2 else { throw failure("write 'quorum NAME' or 'quorum none'") }
      guard quorum == nil else { throw failure("a second quorum; keep one of the two") }
      guard words[1] == "none" || witnesses[words[1]] != nil || groups[words[1]] != nil else {
        throw failure("'\(words[1])' is not named; name its witness or group above")
      }
      quorum = words[1]
    }

    private func checkName(_ name: String) throws(Failure) {
      // Names that look alike must not be taken for one another.
      guard name.utf8.allSatisfy({ $0 < 0x80 }) else {
        throw failure("the name '\(name)' has other than ASCII letters; write one without")
      }
      guard name != "none", witnesses[name] == nil, groups[name] == nil else {
        throw failure("the name '\(name)' is taken; write another")
      }
    }

    private func key(
      _ text: String, _ algorithm: NoteVerifier.Algorithm, _ what: String
    ) throws(Failure) -> NoteVerifier {
      let key: NoteVerifier
      do {
        key = try NoteVerifier(parsing: text)
      } catch {
        throw failure("\(error)")
      }
      guard key.algorithm == algorithm else {
        throw failure(
          "the key of \(what) has the type \(algorithm == .ed25519 ? "1" : "4") of signed notes, not "
            + "\(key.algorithm.rawValue)")
      }
      return key
    }
  }
}
