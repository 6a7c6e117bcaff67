import Foundation
import LinuxGPIO
import Testing

/// The package's directory.
private let root = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
private let headers2 = root.appendingPathComponent(".cache/gpiod2/usr/include").path
private let isWithout2 = ProcessInfo.processInfo.environment["CAIRN_WITHOUT_GPIOD2"] == "1"

/// Runs a C compiler of the search path on the shim, and returns its status and all it printed.
private func compile(_ arguments: [String]) throws -> (status: Int32, output: String) {
  let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  let candidates = ["clang", "cc", "gcc"].flatMap { name in paths.map { "\($0)/\(name)" } }
  let compiler = try #require(
    candidates.first { FileManager.default.isExecutableFile(atPath: $0) },
    "no C compiler in PATH; install clang or gcc")
  let process = Process()
  process.executableURL = URL(fileURLWithPath: compiler)
  process.arguments =
    ["-std=gnu11", "-Wall", "-Wextra", "-Werror"] + arguments
    + [
      "-I", root.appendingPathComponent("Sources/CGPIO/include").path,
      root.appendingPathComponent("Sources/CGPIO/cairn_gpio.c").path,
    ]
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}

/// The release that the shim takes a header for, read from its preprocessed text.
private func release(_ arguments: [String]) throws -> Int? {
  let text = try compile(arguments + ["-E", "-P"]).output
  return [1, 2].first { text.contains("int cairn_gpio_api(void) { return \($0); }") }
}

@Test func `the shim compiles without a warning against this machine's libgpiod`() throws {
  let (status, output) = try compile(["-fsyntax-only"])
  #expect(status == 0, "\(output)")
  #expect(try release([]) == GPIOChip.libraryRelease)
}

@Test(
  .disabled(
    if: isWithout2, "CAIRN_WITHOUT_GPIOD2=1: the shim's half for libgpiod 2.x is not compiled"))
func `the shim compiles without a warning against libgpiod 2`() throws {
  try #require(
    FileManager.default.fileExists(atPath: headers2 + "/gpiod.h"),
    "the header of libgpiod 2.x is missing; run deploy/fetch-gpiod2-headers")
  let (status, output) = try compile(["-fsyntax-only", "-I", headers2])
  #expect(status == 0, "\(output)")
  #expect(try release(["-I", headers2]) == 2)
}
