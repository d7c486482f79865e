/** SQL for the segments a row with a `segments` map is in: the overall one, and those named in {segments}. */
export const SEGMENTS = `arrayConcat([''], arrayFilter(x -> x != '',
  arrayMap(name -> if(mapContains(segments, name), concat(name, '=', segments[name]), ''), {segments:Array(String)})))`;
