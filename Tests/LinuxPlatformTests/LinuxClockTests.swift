import LinuxPlatform
import Runtime
import Testing

@Suite(.timeLimit(.minutes(1))) struct LinuxClockTests {
  let clock = LinuxClock(isSimulated: true)

  @Test func `sleeps until its time, and not less`() async throws {
    for milliseconds: Int64 in [0, 1, 5, 20] {
      let until = clock.monotonicNanoseconds + milliseconds * 1_000_000
      try await clock.sleep(untilMonotonic: until)
      #expect(clock.monotonicNanoseconds >= until)
    }
    try await clock.sleep(untilMonotonic: .min)
  }

  @Test func `wakes each sleeper at its own time, in whatever order they came`() async throws {
    let start = clock.monotonicNanoseconds
    let wakes = try await withThrowingTaskGroup(of: (Int64, Int64).self) { [clock] group in
      for place: Int64 in 0..<100 {
        let until = start + (place * 37 % 100) * 1_000_000
        group.addTask {
          try await clock.sleep(untilMonotonic: until)
          return (until, clock.monotonicNanoseconds)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(wakes.count == 100)
    #expect(wakes.allSatisfy { $0.1 >= $0.0 })
  }

  @Test func `a sleeper whose task is cancelled wakes at once and throws`() async throws {
    let never = clock.monotonicNanoseconds + 3_600_000_000_000
    let before = Task { [clock] in
      withUnsafeCurrentTask { $0?.cancel() }
      try await clock.sleep(untilMonotonic: never)
    }
    await #expect(throws: CancellationError.self) { try await before.value }
    let during = Task { [clock] in try await clock.sleep(untilMonotonic: never) }
    try await clock.sleep(untilMonotonic: clock.monotonicNanoseconds + 5_000_000)
    during.cancel()
    await #expect(throws: CancellationError.self) { try await during.value }
    // A later sleeper is not kept by those that went.
    try await clock.sleep(untilMonotonic: clock.monotonicNanoseconds + 1_000_000)
  }
}
