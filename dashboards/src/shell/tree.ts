import type { Schemas } from "../client/api";

export type Organ = Schemas["Organ"];

/** One visible line of the organ tree. */
export interface Row {
  readonly organ: Organ;
  readonly depth: number;
  readonly children: number;
  readonly open: boolean;
}

/** The tree of what leads what, over organs in administrative order. */
export class OrganTree {
  private readonly byID = new Map<string, Organ>();
  private readonly below = new Map<string, Organ[]>();
  private readonly roots: Organ[] = [];

  constructor(organs: readonly Organ[]) {
    for (const organ of organs) this.byID.set(organ.id, organ);
    for (const organ of organs) {
      if (organ.parent !== null && this.byID.has(organ.parent)) {
        this.below.set(organ.parent, [...(this.below.get(organ.parent) ?? []), organ]);
      } else {
        this.roots.push(organ);
      }
    }
  }

  organ(id: string): Organ | undefined {
    return this.byID.get(id);
  }

  /** The organs led directly. */
  led(id: string): readonly Organ[] {
    return this.below.get(id) ?? [];
  }

  /** The organs that ended and left their work to one, in administrative order. */
  takenOver(id: string): readonly Organ[] {
    return [...this.byID.values()].filter((o) => o.valid_to !== null && o.successor === id && o.id !== id);
  }

  /** From the topmost leader to the organ itself. */
  path(id: string): readonly Organ[] {
    const out: Organ[] = [];
    const seen = new Set<string>();
    for (let at = this.byID.get(id); at !== undefined && !seen.has(at.id); at = at.parent === null ? undefined : this.byID.get(at.parent)) {
      seen.add(at.id);
      out.unshift(at);
    }
    return out;
  }

  /** The lines that are visible while these organs are open. */
  rows(open: ReadonlySet<string>): readonly Row[] {
    const out: Row[] = [];
    const walk = (organs: readonly Organ[], depth: number) => {
      for (const organ of organs) {
        const children = this.led(organ.id);
        const isOpen = open.has(organ.id) && children.length > 0;
        out.push({ organ, depth, children: children.length, open: isOpen });
        if (isOpen) walk(children, depth + 1);
      }
    };
    walk(this.roots, 0);
    return out;
  }

  /** The organs that a test accepts, as flat lines in administrative order. */
  found(accepts: (organ: Organ) => boolean, most: number): readonly Row[] {
    const out: Row[] = [];
    for (const organ of this.byID.values()) {
      if (out.length === most) break;
      if (accepts(organ)) out.push({ organ, depth: 0, children: this.led(organ.id).length, open: false });
    }
    return out;
  }
}
