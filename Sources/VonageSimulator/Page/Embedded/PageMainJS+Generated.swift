// Written by scripts/embed-page.sh: change Sources/VonageSimulator/Page/assets/main.js instead.

/// `main.js` of the page, as the binary carries it.
enum PageMainJS {
    /// The whole file.
    static let text = #"""
        // Opens the stream of events and keeps the views up to date.
        //
        // However much arrives, a batch is a few calls, and each view is drawn at most once a frame.

        import { byId, count, figure, oncePerFrame, setText } from "/page/dom.js";
        import { drawFaults, setUpFaults } from "/page/faults.js";
        import { model, takeChanges, takeSnapshot } from "/page/model.js";
        import { drawPhones, openPhone, setUpPhones } from "/page/phones.js";
        import { drawTraffic, setUpTraffic } from "/page/traffic.js";

        const seconds = 60;
        const rates = new Array(seconds).fill(0);
        let requestsBefore = null;
        let leftOutBefore = 0;
        let busyUntil = 0;

        const draw = oncePerFrame(() => {
          setText(byId("message-count"), figure(model.counts.messages));
          setText(byId("request-count"), figure(model.counts.requests));
          drawFaults();
        });

        function drawAll() {
          model.hasNews = true;
          draw();
          drawTraffic();
          drawPhones();
        }

        /** Says what was left out, once a second and not with each batch: a screen reader reads it. */
        function drawSampling() {
          const isBusy = model.leftOut > leftOutBefore;
          if (isBusy) busyUntil = performance.now() + 3000;
          leftOutBefore = model.leftOut;
          const sampling = byId("sampling");
          sampling.hidden = model.leftOut === 0;
          if (model.leftOut === 0) return;
          const missed = `${count(model.leftOut, "request", "requests")} not shown`;
          setText(sampling, performance.now() < busyUntil
            ? `More arrives than can be read, so this page shows a sample: ${missed} yet. Search finds all that are kept.`
            : `${missed} while much arrived. Search finds all that are kept.`);
        }

        /** The requests of each second, as bars. */
        function drawChart() {
          const now = model.counts.requests;
          if (requestsBefore !== null) {
            rates.push(Math.max(now - requestsBefore, 0));
            rates.shift();
          }
          requestsBefore = model.isWhole ? now : null;
          const most = Math.max(...rates, 1);
          const bars = rates.map((rate, second) => (rate === 0 ? "" : `M${second + 0.1} 20v-${(rate / most) * 20}h.8V20z`));
          byId("chart").firstElementChild.setAttribute("d", bars.join(""));
          byId("chart").setAttribute("aria-label", `Requests in each of the last 60 seconds, at most ${figure(Math.max(...rates))}`);
          setText(byId("rate"), figure(rates.at(-1)));
        }

        function connect() {
          const stream = new EventSource("/simulator/events");
          const show = (text, isLive) => {
            setText(byId("state"), text);
            byId("state").classList.toggle("live", isLive);
          };
          stream.addEventListener("open", () => show("live", true));
          stream.addEventListener("error", () => {
            show("not connected, trying again", false);
            if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 5000);
          });
          stream.addEventListener("snapshot", (event) => {
            takeSnapshot(JSON.parse(event.data));
            drawAll();
          });
          stream.addEventListener("changes", (event) => {
            takeChanges(JSON.parse(event.data));
            drawAll();
          });
        }

        setUpTraffic((number) => {
          openPhone(number);
          byId("phone").scrollIntoView({ block: "nearest" });
        });
        setUpPhones();
        setUpFaults();
        setInterval(() => {
          drawChart();
          drawSampling();
        }, 1000);
        connect();

        """#
}
