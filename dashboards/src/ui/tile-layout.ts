/** Column, row and width in tiles of each provincial unit on the tile grid, by region code. */
export const places: Readonly<Record<string, readonly [column: number, row: number, width?: number]>> = {
  "230000": [11, 1], "150000": [8, 1], "220000": [11, 2],
  "650000": [2, 2], "110000": [9, 2], "210000": [10, 3], "620000": [4, 3], "640000": [5, 3], "140000": [7, 3], "130000": [8, 3], "120000": [9, 3],
  "630000": [3, 4], "610000": [6, 4], "410000": [7, 4], "370000": [8, 4],
  "540000": [2, 5], "510000": [4, 5], "500000": [5, 5], "420000": [6, 5], "340000": [7, 5], "320000": [8, 5], "310000": [9, 5],
  "530000": [4, 6], "520000": [5, 6], "430000": [6, 6], "360000": [7, 6], "330000": [8, 6],
  "450000": [5, 7], "440000": [6, 7], "350000": [7, 7], "710000": [9, 7, 2],
  "820000": [5, 8, 2], "810000": [7, 8, 2], "460000": [5, 9],
};

/** Place of the South China Sea islands (南海诸岛), which belong to 海南省. */
export const islands = [7, 9] as const;

/** The short name that fits a tile; 台湾省, 香港特别行政区 and 澳门特别行政区 keep their full names. */
export function shortName(name: string): string {
  if (/特别行政区$|^台湾省$/.test(name)) return name;
  return name.replace(/(维吾尔|壮族|回族)?自治区$|省$|市$/, "");
}

/** Depth of the one hue, in percent, for a deviation in standard errors; never for a value. */
export function depthOf(z: number | null): number {
  return z === null ? 0 : Math.round(Math.min(3.5, Math.abs(z)) * 24);
}
