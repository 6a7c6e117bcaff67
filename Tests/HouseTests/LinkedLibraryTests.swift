import Foundation
import Testing

/// What the program is linked with.
@Suite struct LinkedLibraryTests {
  /// Libraries that triple what a board must store and load.
  static let banned = [
    "libFoundation.so", "libFoundationInternationalization.so", "lib_FoundationICU.so",
    "libicuuc", "libicui18n", "libicudata", "libFoundationNetworking.so", "libFoundationXML.so",
  ]

  /// The libraries that a binary names as needed, by `readelf -d`.
  static func neededLibraries(of binary: URL) throws -> [String] {
    let answer = try Repository.run(["readelf", "--wide", "-d", binary.path])
    try #require(answer.status == 0, "\(answer.errors)")
    return String(decoding: answer.output, as: UTF8.self).split(separator: "\n").compactMap {
      line in
      guard line.contains("(NEEDED)"), let open = line.firstIndex(of: "["),
        let close = line.lastIndex(of: "]")
      else { return nil }
      return String(line[line.index(after: open)..<close])
    }
  }

  /// The program: what `CAIRN_BINARY` names, or what was built beside the tests.
  static var binary: URL? {
    if let path = ProcessInfo.processInfo.environment["CAIRN_BINARY"] {
      return URL(fileURLWithPath: path)
    }
    // The test bundle's own path is the first argument, or one of them where a runner loads it.
    for argument in CommandLine.arguments {
      let beside = URL(fileURLWithPath: argument).resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("cairn")
      if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
    }
    let debug = Repository.root.appendingPathComponent(".build/debug/cairn")
    return FileManager.default.isExecutableFile(atPath: debug.path) ? debug : nil
  }

  @Test(.enabled("the program is not built") { binary != nil })
  func `the program needs neither Foundation nor ICU`() throws {
    let binary = try #require(Self.binary)
    let needed = try Self.neededLibraries(of: binary)
    // A list without the C library would mean that the list was not understood.
    #expect(needed.contains { $0.hasPrefix("libc.so") }, "\(needed)")
    for library in needed {
      #expect(!Self.banned.contains { library.hasPrefix($0) }, "\(binary.path) needs \(library)")
    }
  }

  @Test func `the list of libraries is read right`() throws {
    // The tests themselves need Foundation, so the check is not blind.
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    var needed = try Self.neededLibraries(of: own)
    for argument in CommandLine.arguments where argument.hasSuffix(".xctest") {
      needed += try Self.neededLibraries(of: URL(fileURLWithPath: argument))
    }
    #expect(needed.contains { $0.hasPrefix("libFoundation.so") }, "\(needed)")
  }
}
