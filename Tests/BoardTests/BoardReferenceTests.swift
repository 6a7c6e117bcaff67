import Board
import Foundation
import Testing

@Suite struct BoardReferenceTests {
  @Test(arguments: [
    ("docs/board-file.md", "--markdown", BoardReference.page),
    ("docs/kernels.md", "--kernels", KernelReference.page),
  ])
  func `the page in the repository is the one that the program makes`(
    path: String, flag: String, page: String
  ) throws {
    let written = try Repository.text(path)
    let outcome = try cairn("schema", flag)
    #expect(outcome.exitCode == 0 && outcome.errors == "")
    #expect(
      written == outcome.output,
      "run '.build/debug/cairn schema \(flag) > \(path)' and review the change")
    #expect(outcome.output == page)
  }

  @Test(arguments: [BoardReference.page, KernelReference.page])
  func `every link of the page leads to a heading`(page: String) throws {
    let headings = page.split(separator: "\n").filter { $0.hasPrefix("#") }
      .map { $0.drop { $0 == "#" }.dropFirst().lowercased() }
      .map { heading in
        heading.filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }
          .map { $0 == " " ? "-" : String($0) }.joined()
      }
    let links = page.matches(of: /\]\(#([^)]*)\)/).map { String($0.1) }
    #expect(links.count > 5)
    for link in links { #expect(headings.contains(link), "\(link)") }
    #expect(Set(headings).count == headings.count)
  }

  @Test func `no table of the page is broken`() {
    var columns = 0
    for line in BoardReference.page.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("|") else {
        columns = 0
        continue
      }
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).count
      if columns == 0 { columns = cells }
      #expect(cells == columns, "\(line)")
    }
  }

  @Test func `no line of the page ends with a blank, and the page with one line end`() {
    let page = BoardReference.page
    #expect(!page.contains(" \n"))
    #expect(!page.contains("\n\n\n"))
    #expect(page.hasSuffix("\n") && !page.hasSuffix("\n\n"))
  }
}
