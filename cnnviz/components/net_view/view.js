// The network page's stages: the network itself, and what its outputs are read as.
import { NetworkStage } from "./network.js";
import { Reading } from "./reading.js";

const STAGES = { network: NetworkStage, reading: Reading };

export function mount(root, args) {
  return new STAGES[args.data.show](root, args);
}
