import Foundation
import Testing

/// The repository that these tests are part of.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The names of a folder's files with some ending, without it, in order.
  static func names(in folder: String, ending: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
      .filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
  }
}

/// What a program wrote, and how it ended.
struct Outcome: Equatable {
  let exitCode: Int32
  let output: String
  let errors: String
}

/// Runs a program in the repository's root.
func run(_ program: URL, _ arguments: [String], input: String = "") throws -> Outcome {
  let process = Process()
  process.executableURL = program
  process.arguments = arguments
  process.currentDirectoryURL = Repository.root
  let (toProcess, output, errors) = (Pipe(), Pipe(), Pipe())
  process.standardInput = toProcess
  process.standardOutput = output
  process.standardError = errors
  try process.run()
  // The programs here read all input before they write, and write little to the error stream.
  try toProcess.fileHandleForWriting.write(contentsOf: Data(input.utf8))
  try toProcess.fileHandleForWriting.close()
  let written = try output.fileHandleForReading.readToEnd() ?? Data()
  let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return Outcome(
    exitCode: process.terminationStatus, output: String(decoding: written, as: UTF8.self),
    errors: String(decoding: complaints, as: UTF8.self))
}

/// Runs the `cairn` that was built together with these tests.
func cairn(_ arguments: String...) throws -> Outcome {
  let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
  let program = tests.deletingLastPathComponent().appending(path: "cairn")
  try #require(
    FileManager.default.isExecutableFile(atPath: program.path),
    "there is no program at \(program.path); run 'swift build --build-tests'")
  return try run(program, arguments)
}

/// Python, as somebody else who reads board files and schemas.
enum Python {
  /// Whether Python is there with what reads YAML and checks schemas.
  static let hasSchemas = succeeds("import jsonschema, yaml; jsonschema.Draft202012Validator")

  static func run(_ script: String, _ arguments: String..., input: String = "") throws -> Outcome {
    try BoardTests.run(
      URL(fileURLWithPath: "/usr/bin/env"), ["python3", "-c", script] + arguments, input: input)
  }

  private static func succeeds(_ script: String) -> Bool {
    (try? run(script))?.exitCode == 0
  }
}

/// Two texts line by line: what is only expected behind `-`, what is only there behind `+`.
func lineDifference(expected: String, found: String) -> Comment {
  let old = expected.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  let new = found.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  var lines = old.map { "  \($0)" }
  let changes = new.difference(from: old)
  for case .remove(let offset, let line, _) in changes { lines[offset] = "- \(line)" }
  for case .insert(let offset, let line, _) in changes {
    // Lines that are gone stay in the list, so later ones stand further down.
    var place = 0
    var kept = 0
    while place < lines.count, kept < offset {
      if !lines[place].hasPrefix("- ") { kept += 1 }
      place += 1
    }
    while place < lines.count, lines[place].hasPrefix("- ") { place += 1 }
    lines.insert("+ \(line)", at: place)
  }
  return Comment(rawValue: "\n" + lines.joined(separator: "\n"))
}
