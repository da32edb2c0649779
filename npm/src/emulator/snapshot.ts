/** The state of an emulator: a JSON value. Its other fields may change with the version. */
export interface EmulatorSnapshot {
  /** Version of the format. */
  readonly version: number;
  /** Time of the emulator's clock, in milliseconds since the Unix epoch. */
  readonly now: number;
  /**
   * State of the generator of ids: 16 hexadecimal digits. With another value, an emulator that is restored from this
   * snapshot creates other ids than the emulator that it was taken of.
   */
  readonly ids: string;
  readonly [field: string]: unknown;
}
