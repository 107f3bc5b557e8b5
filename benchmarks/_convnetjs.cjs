// Trains the benchmark's network with ConvNetJS, a number of pictures at a time, as told on standard input.
// node _convnetjs.cjs MODULE DATA: DATA holds for each picture its label and its 28×28 bytes.
"use strict";
const fs = require("fs");
const readline = require("readline");

const [modulePath, dataPath] = process.argv.slice(2);
const convnetjs = require(modulePath);
const SIDE = 28, PICTURE = SIDE * SIDE, BATCH = 64;

const bytes = fs.readFileSync(dataPath);
const count = bytes.length / (PICTURE + 1);
const labels = [], pictures = [];
for (let n = 0; n < count; n++) {
  const start = n * (PICTURE + 1), volume = new convnetjs.Vol(SIDE, SIDE, 1, 0);
  for (let i = 0; i < PICTURE; i++) volume.w[i] = bytes[start + 1 + i] / 255;
  labels.push(bytes[start]);
  pictures.push(volume);
}

const net = new convnetjs.Net();
net.makeLayers([
  { type: "input", out_sx: SIDE, out_sy: SIDE, out_depth: 1 },
  { type: "conv", sx: 3, filters: 8, stride: 1, pad: 1, activation: "relu" },
  { type: "pool", sx: 2, stride: 2 },
  { type: "conv", sx: 3, filters: 16, stride: 1, pad: 1, activation: "relu" },
  { type: "pool", sx: 2, stride: 2 },
  { type: "softmax", num_classes: 10 },
]);
const options = { method: "sgd", learning_rate: 0.05, momentum: 0.9, batch_size: BATCH };
const trainer = new (convnetjs.SGDTrainer || convnetjs.Trainer)(net, options);

let at = 0;
function train(pictureCount) {
  let loss = 0;
  for (let n = 0; n < pictureCount; n++) {
    loss += trainer.train(pictures[at], labels[at]).loss;
    at = (at + 1) % count;
  }
  return loss / pictureCount;
}

function accuracy(pictureCount) {
  let right = 0;
  for (let n = 0; n < pictureCount; n++) {
    net.forward(pictures[n]);
    right += net.getPrediction() === labels[n];
  }
  return right / pictureCount;
}

function parameters() {
  return net.getParamsAndGrads().reduce((sum, one) => sum + one.params.length, 0);
}

// One line in, one line out: "train 640" or "accuracy 500".
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const [what, number] = line.split(" ");
  const cpu = process.cpuUsage(), wall = process.hrtime.bigint();
  const value = what === "train" ? train(Number(number)) : accuracy(Number(number));
  const used = process.cpuUsage(cpu), passed = Number(process.hrtime.bigint() - wall) / 1e9;
  console.log(JSON.stringify({ value, cpu: (used.user + used.system) / 1e6, wall: passed, parameters: parameters() }));
});
