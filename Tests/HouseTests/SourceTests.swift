import Foundation
import Testing

/// What no source file may hold.
@Suite struct SourceTests {
  /// A text that is forbidden below a folder, and why.
  struct Ban: CustomTestStringConvertible, Sendable {
    let text: String
    let folder: String
    let reason: String

    var testDescription: String { "\(text) in \(folder)" }

    init(_ text: String, in folder: String = "Sources", _ reason: String) {
      self.text = text
      self.folder = folder
      self.reason = reason
    }
  }

  static let bans: [Ban] = [
    Ban("import Foundation", "it triples the binary; import what is needed"),
    Ban("try!", "it ends the program where an error should be told"),
    Ban("as!", "it ends the program where the type is another"),
    Ban("fatalError(", "it ends a board that must go on measuring"),
    Ban("nonisolated(unsafe)", "it hides a race"),
    Ban("TODO", "what is not done is not there"),
    Ban("FIXME", "what is broken is mended"),
    Ban("Task.sleep", in: "Sources/Drivers", "drivers say how long to wait, and never wait"),
    Ban("usleep", in: "Sources/Drivers", "drivers say how long to wait, and never wait"),
    Ban("Task.sleep", in: "Sources/Runtime", "the runtime waits by its clock, which tests move"),
  ]

  @Test(arguments: bans)
  func `no source file holds what is banned`(ban: Ban) throws {
    let files = try Repository.swiftFiles(below: ban.folder)
    #expect(!files.isEmpty)
    for file in files {
      for (index, line) in file.lines.enumerated() where Self.holds(line, ban.text) {
        Issue.record("\(file.path):\(index + 1): \(ban.text): \(ban.reason)")
      }
    }
  }

  /// Whether a line holds a text that is not a part of a longer word.
  static func holds(_ line: Substring, _ text: String) -> Bool {
    var rest = line[...]
    while let range = rest.range(of: text) {
      let before =
        range.lowerBound == line.startIndex
        ? nil : line[line.index(before: range.lowerBound)]
      let after = range.upperBound == line.endIndex ? nil : line[range.upperBound]
      let continuesBefore = before.map { $0.isLetter || $0 == "_" } ?? false
      let continuesAfter =
        (text.last?.isLetter ?? false) && (after.map { $0.isLetter || $0 == "_" } ?? false)
      if !continuesBefore && !continuesAfter { return true }
      rest = rest[range.upperBound...]
    }
    return false
  }

  @Test(arguments: [
    ("  try! f()", "try!", true), ("let x = y as! Int", "as!", true), ("has!", "as!", false),
    ("import FoundationEssentials", "import Foundation", false),
    ("public import Foundation", "import Foundation", true), ("// TODO: x", "TODO", true),
    ("TODOS", "TODO", false), ("usleep(3)", "usleep", true), ("nanousleep", "usleep", false),
  ])
  func `the search finds whole words only`(line: String, text: String, isHeld: Bool) {
    #expect(Self.holds(line[...], text) == isHeld)
  }

  @Test func `every unchecked sendability has its reason directly above it`() throws {
    for file in try Repository.swiftFiles(below: "Sources") {
      for (index, line) in file.lines.enumerated() {
        // The mention in a comment is no use of it.
        let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
        guard code.contains("@unchecked Sendable") else { continue }
        let above = index > 0 ? file.lines[index - 1].drop { $0 == " " } : ""
        #expect(above.hasPrefix("//"), "\(file.path):\(index + 1)")
      }
    }
  }

  @Test(arguments: ["Sources", "Tests"])
  func `no file is longer than 600 lines`(folder: String) throws {
    for file in try Repository.swiftFiles(below: folder) {
      #expect(file.lines.count <= 600, "\(file.path) has \(file.lines.count) lines")
    }
  }

  @Test func `nothing that is tracked names a path of a developer's machine`() throws {
    guard let paths = try Repository.trackedPaths() else { return }
    #expect(paths.contains("Package.swift"))
    let homes = ["home", "Users"].map { Array("/\($0)/".utf8) }
    for path in paths {
      guard let data = try? Data(contentsOf: Repository.root.appendingPathComponent(path)) else {
        continue
      }
      for home in homes {
        guard let place = Self.place(of: home, in: [UInt8](data)) else { continue }
        Issue.record("\(path): byte \(place): \(String(decoding: home, as: UTF8.self))")
      }
    }
  }

  /// Where an absolute path below a folder of homes begins; nil where there is none.
  ///
  /// What follows a character that can be part of a path or of an address is no absolute path.
  static func place(of home: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count > home.count else { return nil }
    for start in 0..<(bytes.count - home.count) where bytes[start] == home[0] {
      guard bytes[start..<(start + home.count)].elementsEqual(home) else { continue }
      let isWord = { (byte: UInt8) in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
          || (0x61...0x7A).contains(byte)
      }
      guard isWord(bytes[start + home.count]) else { continue }
      if start == 0 || !(isWord(bytes[start - 1]) || "-_.}$".utf8.contains(bytes[start - 1])) {
        return start
      }
    }
    return nil
  }

  @Test(arguments: [
    ("see |home|someone/x", true), ("\"|home|someone\"", true), ("|home|", false),
    ("https://example.org|home|page", false), ("${prefix}|home|x", false), ("|home|*", false),
  ])
  func `the search tells paths of homes from others`(text: String, isFound: Bool) {
    // Written with bars, so that this file holds no such path.
    let bytes = Array(text.replacingOccurrences(of: "|", with: "/").utf8)
    #expect((Self.place(of: Array("/".utf8) + Array("home/".utf8), in: bytes) != nil) == isFound)
  }
}
