/** What a source says about one chart, image or program. */
export type ReleaseList =
  | {
      readonly found: true;
      readonly versions: readonly string[];
      /** Whether upstream has given it up. @default false */
      readonly archived?: boolean;
      /** Whether all versions are there, so that one that is missing is gone. */
      readonly complete: boolean;
      /** Where it is from now on. @default - where it was asked for */
      readonly movedTo?: string;
    }
  | { readonly found: false; readonly why: string };
