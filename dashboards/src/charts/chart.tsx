import { LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use as register, type ECharts } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { EChartsOption } from "echarts";
import { useEffect, useRef } from "react";

register([LineChart, ScatterChart, GridComponent, TooltipComponent, LegendComponent, AriaComponent, SVGRenderer]);

/** One chart with its name; the numbers stand in the table that the page puts beside it. */
export default function Chart({ option, label, height = 320 }: { option: EChartsOption; label: string; height?: number }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  useEffect(() => {
    if (place.current === null) return;
    const made = init(place.current, null, { renderer: "svg", height });
    chart.current = made;
    const resize = () => made.resize();
    window.addEventListener("resize", resize);
    return () => {
      window.removeEventListener("resize", resize);
      made.dispose();
    };
  }, [height]);
  useEffect(() => {
    const style = getComputedStyle(document.documentElement);
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    chart.current?.setOption({ animation: !still, backgroundColor: "transparent", textStyle: { color: style.getPropertyValue("color") || "#556070" }, ...option }, true);
  }, [option]);
  return <div ref={place} role="img" aria-label={label} className="chart" />;
}
