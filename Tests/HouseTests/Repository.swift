import Foundation
import Testing

/// The repository in which the tests lie, and the programs that are asked about it.
enum Repository {
  /// The folder of Package.swift.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A source file with its text.
  struct File {
    /// The path from the root.
    let path: String
    /// The lines of the text.
    let lines: [Substring]
  }

  /// What a program answered.
  struct Answer {
    let status: Int32
    let output: Data
    let errors: String
  }

  /// Runs a program that is found by the shell's search path, and takes what it says.
  static func run(_ arguments: [String], in folder: URL = root) throws -> Answer {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // Errors are short; the output may fill its pipe, so it is read first.
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Answer(
      status: process.terminationStatus, output: bytes,
      errors: String(decoding: text, as: UTF8.self))
  }

  /// The text of a file.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The Swift files below a folder, in the order of their paths.
  static func swiftFiles(below folder: String) throws -> [File] {
    let base = root.appendingPathComponent(folder)
    let found = try FileManager.default.subpathsOfDirectory(atPath: base.path)
    return try found.filter { $0.hasSuffix(".swift") }.sorted().map { name in
      let text = try String(contentsOf: base.appendingPathComponent(name), encoding: .utf8)
      return File(
        path: "\(folder)/\(name)",
        lines: text.split(separator: "\n", omittingEmptySubsequences: false))
    }
  }

  /// The paths of everything that the repository tracks; nil where it is no working copy.
  static func trackedPaths() throws -> [String]? {
    let answer = try run(["git", "ls-files", "-z"])
    guard answer.status == 0 else { return nil }
    return answer.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }
}
