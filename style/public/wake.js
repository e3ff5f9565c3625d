// Wakes a hidden page on time: there, browsers run the page's own timers once a minute, but not those of a worker.
let timer;
onmessage = ({ data: millis }) => {
  clearTimeout(timer);
  timer = setTimeout(() => postMessage(null), millis);
};
