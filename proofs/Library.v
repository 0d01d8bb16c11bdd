(** * Everything, for the generated files *)
From Losses Require Export Vocabulary Sums Logarithms Sigmoid Derivatives Minimisers Pieces Tactics Softmax Logistic Slopes.
