import Foundation
import Testing

private let boards = (try? Repository.names(in: "boards", ending: ".yaml")) ?? []
private let pages = (try? Repository.names(in: "docs", ending: ".md")) ?? []

@Suite struct ValidBoardTests {
  @Test(arguments: boards)
  func `the boards that come with the program are right`(_ name: String) throws {
    let outcome = try cairn("check", "boards/\(name).yaml")
    #expect(outcome.errors == "")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.hasPrefix("boards/\(name).yaml: board '"))
  }

  @Test func `the demo and the example are among them`() {
    #expect(boards.contains("demo") && boards.contains("example"))
  }

  @Test(arguments: pages)
  func `whole board files on pages are right`(_ page: String) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "cairn-page-\(ProcessInfo.processInfo.globallyUniqueString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for example in try examples(in: "docs/\(page).md") where example.contains(/(?m)^board:/) {
      let path = folder.appending(path: "\(page).yaml")
      try Data(example.utf8).write(to: path)
      let outcome = try cairn("check", path.path)
      #expect(outcome.errors == "")
      #expect(outcome.exitCode == 0)
    }
  }

  @Test func `the page of the board file shows the example as it is`() throws {
    #expect(
      try examples(in: "docs/board-file.md") == [try Repository.text("boards/example.yaml")])
  }

  /// The blocks of YAML in a page.
  private func examples(in path: String) throws -> [String] {
    let parts = try Repository.text(path).components(separatedBy: "\n```")
    // Fences alternate: what follows the first is inside, what follows the second outside.
    return stride(from: 1, to: parts.count, by: 2).compactMap { index in
      parts[index].hasPrefix("yaml\n") ? String(parts[index].dropFirst(5)) + "\n" : nil
    }
  }
}
