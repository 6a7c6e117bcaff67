import Foundation
import JSONText
import Testing

/// Python's json module, as somebody else who reads what is written here.
private enum Python {
  static let isThere = (try? run("print(1)", input: "")) == "1\n"

  static func run(_ script: String, input: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script]
    let (toProcess, fromProcess) = (Pipe(), Pipe())
    process.standardInput = toProcess
    process.standardOutput = fromProcess
    try process.run()
    // The script reads all of its input before it writes.
    try toProcess.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try toProcess.fileHandleForWriting.close()
    let output = try fromProcess.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }
}

@Suite(.enabled(if: Python.isThere, "python3 is not on this machine"))
struct OtherReaderTests {
  @Test(arguments: [false, true])
  func `another reader finds the same texts, numbers and whole numbers`(
    _ isIndented: Bool
  ) throws {
    var generator = SplitMix(state: 2)
    var texts = (0..<0x300).compactMap { Unicode.Scalar(UInt32($0)).map(String.init) }
    texts += (0..<500).map { _ in
      var text = ""
      for _ in 0..<generator.next() % 20 {
        if let scalar = Unicode.Scalar(UInt32(generator.next() % 0x11_0000)) {
          text.unicodeScalars.append(scalar)
        }
      }
      return text
    }
    var numbers: [Double] = [
      0, -0.5, 1e15, 1e16, .leastNonzeroMagnitude, 1.7976931348623157e308, 0.1, 1e-7,
    ]
    numbers += (0..<3000).map { _ in Double(bitPattern: generator.next()) }.filter(\.isFinite)
    let integers = [0, Int128.max, Int128.min, 1 << 53]
    let document = JSON.object([
      ("texts", .array(texts.map(JSON.text))), ("numbers", .array(numbers.map(JSON.number))),
      ("integers", .array(integers.map(JSON.integer))),
    ])

    let script = """
      import json, struct, sys
      document = json.loads(sys.stdin.buffer.read().decode("utf-8"))
      for text in document["texts"]:
          print("text", *(ord(character) for character in text))
      for number in document["numbers"]:
          print("number", struct.unpack(">Q", struct.pack(">d", number))[0])
      for integer in document["integers"]:
          print("integer", integer)
      """
    let read = try Python.run(script, input: isIndented ? document.indentedText : document.text)

    var expected: [String] = []
    for text in texts {
      expected.append(
        (["text"] + text.unicodeScalars.map { String($0.value) }).joined(separator: " "))
    }
    for number in numbers { expected.append("number \(number.bitPattern)") }
    for integer in integers { expected.append("integer \(integer)") }
    #expect(read.split(separator: "\n").map(String.init) == expected)
  }
}
