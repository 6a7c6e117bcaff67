import Foundation
import Testing

/// The files of `boards/invalid`, each with what `cairn check` must say about it.
private let names = (try? Repository.names(in: "boards/invalid", ending: ".yaml")) ?? []

@Suite struct InvalidBoardTests {
  @Test(arguments: names)
  func `says what is wrong and what to write instead`(_ name: String) throws {
    let expected = try Repository.text("boards/invalid/\(name).expected")
    let outcome = try cairn("check", "boards/invalid/\(name).yaml")
    #expect(
      outcome.errors == expected, lineDifference(expected: expected, found: outcome.errors))
    #expect(outcome.exitCode == 2)
    #expect(outcome.output == "")
  }

  @Test func `every file has its expected text, and every text its file`() throws {
    #expect(names.count >= 30)
    #expect(try Repository.names(in: "boards/invalid", ending: ".expected") == names)
  }

  @Test(arguments: names)
  func `every message is one line with place, fault and remedy, in the order of the file`(
    _ name: String
  ) throws {
    let text = try Repository.text("boards/invalid/\(name).expected")
    #expect(text.hasSuffix("\n"))
    var places: [[Int]] = []
    for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
      let match = try #require(
        line.wholeMatch(
          of: /boards\/invalid\/[a-z0-9-]+\.yaml:([0-9]+):([0-9]+): error: (.+); (.+)/),
        "\(line)")
      places.append([try #require(Int(match.1)), try #require(Int(match.2))])
      // A remedy says what to do.
      #expect(
        [
          "write", "did you mean", "remove", "use", "keep", "give", "name", "make", "add", "save",
          "delete", "close", "separate", "cut",
        ].contains { match.4.hasPrefix($0) }, "\(line)")
    }
    #expect(!places.isEmpty)
    #expect(places == places.sorted { $0.lexicographicallyPrecedes($1) })
  }

  @Test func `secrets are never repeated`() throws {
    for (name, secret) in [("password-inline", "staple"), ("password-in-broker", "secret")] {
      #expect(try Repository.text("boards/invalid/\(name).yaml").contains(secret))
      #expect(!(try cairn("check", "boards/invalid/\(name).yaml").errors.contains(secret)))
    }
  }

  @Test func `a file of ten megabytes is refused by its size`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "cairn-board-\(ProcessInfo.processInfo.globallyUniqueString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "large.yaml").path
    try Data(repeating: UInt8(ascii: "#"), count: 10_000_000).write(to: URL(fileURLWithPath: path))
    let outcome = try cairn("check", path)
    #expect(
      outcome.errors == """
        \(path):1:1: error: the file has 10000000 bytes, more than 262144; \
        a board file is a few hundred lines; check that this is one

        """)
    #expect(outcome.exitCode == 2)
  }

  @Test func `a file that is not there, and a folder, are told with the system's reason`() throws {
    let missing = try cairn("check", "boards/none.yaml")
    #expect(
      missing.errors
        == "cairn: cannot read 'boards/none.yaml': No such file or directory; name a board file\n")
    #expect(missing.exitCode == 2)
    let folder = try cairn("check", "boards")
    #expect(folder.errors == "cairn: cannot read 'boards': Is a directory; name a board file\n")
    #expect(folder.exitCode == 2)
  }
}
