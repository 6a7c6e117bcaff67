/// Beats whose work blocks nobody, on a thread of their own, so that no other work delays them.
actor BeatThread {
  private let clock: any RuntimeClock
  private let executor = QueueExecutor(label: "beats")

  nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  init(clock: any RuntimeClock) {
    self.clock = clock
  }

  /// Measures at every beat until the task is cancelled.
  func sample(
    _ sensor: Int, at beat: Beat, into intake: Intake, _ measure: @Sendable () -> Attempt
  ) async {
    await intake.fill(with: sensor, at: beat) { measure() }
  }

  /// Does something at every beat until the task is cancelled.
  func run(_ beat: Beat, _ work: @Sendable () -> Void) async {
    await beat.run(on: clock) { work() }
  }
}
