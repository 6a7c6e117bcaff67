import CFuzzer
import FuzzTargets

// Fuzz TARGET [options of libFuzzer] [folders of a corpus]

private func fail(_ message: String) -> Never {
  print(message)
  exit(2)
}

import Glibc

guard CommandLine.arguments.count > 1, let chosen = FuzzTarget(rawValue: CommandLine.arguments[1])
else { fail("name one of " + FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")) }

/// What libFuzzer calls; a C function has no room for a target of its own.
nonisolated(unsafe) private var target = chosen

private var arguments = [CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)
private var count = CInt(arguments.count)
private var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
pointers.withUnsafeMutableBufferPointer { buffer in
  var base = buffer.baseAddress
  let code = LLVMFuzzerRunDriver(&count, &base) { data, size in
    let bytes = data.map { Array(UnsafeBufferPointer(start: $0, count: size)) } ?? []
    do {
      try target.check(bytes)
    } catch {
      print(error)
      abort()
    }
    return 0
  }
  exit(code)
}
