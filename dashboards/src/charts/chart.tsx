import type { EChartsOption } from "echarts";
import { LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use as register, type ECharts } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { usePalette, type Palette } from "../shell/theme";

register([LineChart, ScatterChart, GridComponent, TooltipComponent, MarkLineComponent, AriaComponent, SVGRenderer]);

/** One chart with its name; the numbers stand in the table that the page puts beside it. */
export default function Chart({ build, label, height = 320 }: { build: (palette: Palette) => EChartsOption; label: string; height?: number }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const palette = usePalette();
  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const made = init(box, null, { renderer: "svg", height });
    chart.current = made;
    const seen = new ResizeObserver(() => made.resize());
    seen.observe(box);
    return () => {
      seen.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [height]);
  useEffect(() => {
    chart.current?.setOption({ animation: false, backgroundColor: "transparent", textStyle: { color: palette.soft, fontFamily: getComputedStyle(document.body).fontFamily }, ...build(palette) }, true);
  }, [build, palette]);
  return <div ref={place} role="img" aria-label={label} className="chart" />;
}
