/** Something that is measured: a row of a benchmark's table. */
export interface Row {
  /** Name under which the benchmark prints it. */
  readonly figure: string;
  readonly label: string;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Most of it is waiting for a disk, which a faster processor does not shorten. */
  readonly isWaiting?: boolean;
  readonly peers?: readonly Peer[];
}

/** What a figure stands beside. */
export interface Peer {
  readonly figure: string;
  readonly label: string;
  /** The figure is to be at most so many times the peer's. */
  readonly atMost?: number;
  /** The peer's is to be at least so many times the figure. */
  readonly times?: number;
}

/** A file in bench/ that prints figures by name as one JSON object, or one for each round as a list. */
export interface Benchmark {
  readonly file: string;
  readonly title: string;
  /** What is measured, and against what. */
  readonly text: string;
  readonly rows: readonly Row[];
  /** The file takes the argument `profile`, too: it prints lines of Markdown that tell where time goes. */
  readonly hasProfile?: boolean;
}
